/** The manual page in man(7), from the same metadata that `--help` prints. Text is escaped for roff in one place. */
import type { CompletedCommand, CompletedOption } from '../completion/command-words.ts';

const exits: readonly (readonly [code: string, meaning: string])[] = [
  ['0', 'The contract holds; of other commands: everything was done.'],
  [
    '1',
    'There is a finding at or above --fail-on (must unless given); of diff: a change; of other commands: what was asked for is not there.',
  ],
  ['2', 'The command line or the contract is wrong.'],
  ['3', 'No verdict: the image, or evidence that a check or an answer needs, could not be read.'],
  ['70', 'A bug in check-image; please report it.'],
];

const variables: readonly (readonly [name: string, meaning: string])[] = [
  ['NO_COLOR', 'If it is not empty, nothing is coloured.'],
  ['TMPDIR', 'Where compressed images are expanded; the files there have no names and end with the process.'],
];

const addresses: readonly (readonly [form: string, meaning: string])[] = [
  ['IMAGE:/PATH', 'A file or directory of the root of an image, what is mounted on it included.'],
  [
    'IMAGE!NAME',
    'What has a name in it: a partition (p1), a section of a kernel image (.initrd), a part of an update or archive.',
  ],
  [
    'IMAGE!p1:/EFI/Linux/linux.efi!.initrd:/init',
    'Both, to any depth: a file that is itself an image can be gone into. Shells want quotes around an exclamation mark.',
  ],
];

/** The gate's options first, then every command with its own. */
export function formatManual(commands: readonly CompletedCommand[], version: string): string {
  const [gate, ...others] = commands;
  if (!gate) return '';
  return [
    `.TH CHECK-IMAGE 1 "" "check-image ${escapeRoff(version)}" "User Commands"`,
    '.SH NAME',
    'check\\-image \\- judge a built ISAR or NixOS image against its contract',
    '.SH SYNOPSIS',
    '.B check\\-image',
    '.RI [ option "...] " image " ..."',
    '.br',
    '.B check\\-image',
    '.I command',
    '.RI [ option "...] " argument " ..."',
    '.SH DESCRIPTION',
    escapeText(gate.description),
    '.SH OPTIONS',
    ...gate.options.flatMap(formatOption),
    '.SH ADDRESSES',
    ...addresses.flatMap(([form, meaning]) => ['.TP', `.B ${escapeRoff(form)}`, escapeText(meaning)]),
    '.SH COMMANDS',
    ...others.flatMap(formatCommand),
    '.SH EXIT STATUS',
    ...exits.flatMap(([code, meaning]) => ['.TP', `.B ${code}`, escapeText(meaning)]),
    '.SH ENVIRONMENT',
    ...variables.flatMap(([name, meaning]) => ['.TP', `.B ${name}`, escapeText(meaning)]),
    '.SH EXAMPLES',
    '.nf',
    ...[gate, ...others].flatMap(({ examples }) => examples).map((example) => `\\fB${escapeRoff(example)}\\fR`),
    '.fi',
    '',
  ].join('\n');
}

function formatCommand({ path, usage, description, options }: CompletedCommand): readonly string[] {
  return [
    '.SS',
    `.B ${escapeRoff(path.join(' '))}`,
    `.RI ${quote(usage)}`,
    '.PP',
    escapeText(description),
    ...options.flatMap(formatOption),
  ];
}

function formatOption({ names, placeholder, description, terms }: CompletedOption): readonly string[] {
  const flags = names.map((name) => `\\fB${escapeRoff(name)}\\fR`).join(', ');
  return [
    '.TP',
    placeholder === '' ? flags : `${flags} \\fI${escapeRoff(placeholder)}\\fR`,
    escapeText(terms === '' ? description : `${description} (${terms})`),
  ];
}

/** A paragraph: no line begins with a control character. */
function escapeText(text: string): string {
  return escapeRoff(text.replace(/\s*\n\s*/g, ' ')).replace(/^(?=[.'])/, '\\&');
}

/** Dashes that stay dashes, backslashes that are shown, quotes and carets that are no accents. */
function escapeRoff(text: string): string {
  return text
    .replace(/\\/g, '\\e')
    .replace(/-/g, '\\-')
    .replace(/’/g, "'")
    .replace(/'/g, '\\(aq')
    .replace(/`/g, '\\(ga')
    .replace(/\^/g, '\\(ha')
    .replace(/~/g, '\\(ti');
}

const quote = (text: string): string => `"${escapeRoff(text).replaceAll('"', '\\(dq')}"`;
