/**
 * dpkg's package database as text: stanzas of `Field: value` lines, folded by a leading blank, ended by an empty line
 * (deb822(5), Debian Policy 5.1). One pass over the bytes that decodes the few fields asked for. A line dpkg itself would
 * stop at is a problem: nothing after it, and no count of packages, can be trusted.
 */

import { decodeBytes } from '../../bytes/names.ts';

export interface StatusRecord {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  /** Empty where there is no such field, as in distroless status.d files. */
  readonly status: string;
  readonly source: string;
  /** Line of the stanza's `Package` field, or the first of the fields read here; from 1. */
  readonly line: number;
}

export interface StatusProblem {
  readonly message: string;
  readonly line: number;
}

export interface StatusText {
  readonly records: readonly StatusRecord[];
  readonly problems: readonly StatusProblem[];
}

type WantedField = 'package' | 'status' | 'architecture' | 'version' | 'source';

/** Every line of a wanted field, and every end of a stanza: one native pass over a megabyte of text. */
const wantedLine = /\n(?:(package|status|architecture|version|source)[ \t]*:([^\n]*)|(?=\n|$))/gi;

/**
 * A line dpkg stops at: one that is neither empty, nor folded, nor a field (Policy 5.1: a name of printable characters but the
 * colon), or a folded one where no field went before.
 */
const badLine = /\n(?:(?<=\n\n|^\n)[ \t]|(?![ \t\n]|[!-9;-~]+[ \t]*:|$))/;

const beyondAscii = /[\x80-\xff]/;

/** Reads a status file, or any sequence of package stanzas. Field names in any case, as dpkg takes them. */
export function parseDpkgStatus(bytes: Uint8Array): StatusText {
  // One character per byte, and a newline before the first line as before all others.
  const whole = `\n${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')}`;
  const stop = whole.search(badLine);
  const text = stop < 0 ? whole : whole.slice(0, stop + 1);
  const records: StatusRecord[] = [];
  const problems: StatusProblem[] = [];
  const instances = new Set<string>();
  let fields: Partial<Record<WantedField, string>> = {};
  let line = 1;
  let counted = 1;
  let first = 0;
  const lineAt = (index: number): number => {
    line += text.slice(counted, index + 1).split('\n').length - 1;
    counted = index + 1;
    return line;
  };

  const endStanza = (): void => {
    const { package: name = '', version = '', architecture = '', status = '', source = '' } = fields;
    const fault = faultOf(name, version, status);
    if (fault !== undefined) problems.push({ message: fault, line: first });
    else if (version !== '' && instances.has(`${name}:${architecture}`))
      problems.push({ message: `package ${name} is there twice`, line: first });
    else records.push({ name, version, architecture, status, source, line: first });
    instances.add(`${name}:${architecture}`);
    fields = {};
    first = 0;
  };

  for (const { 1: name, 2: value, index } of text.matchAll(wantedLine)) {
    if (name === undefined || value === undefined) {
      if (first > 0) endStanza();
      continue;
    }
    if (first === 0) first = lineAt(index);
    const field = name.toLowerCase() as WantedField;
    if (fields[field] === undefined) fields[field] = fieldValue(value);
    else problems.push({ message: `the field ${field} twice in one stanza`, line: lineAt(index) });
  }
  if (first > 0) endStanza();
  if (stop >= 0) problems.push({ message: 'not a field line', line: lineAt(stop) });
  // dpkg writes every stanza to its empty line: a file that stops before a newline was cut off.
  else if (!text.endsWith('\n')) problems.push({ message: 'the last line is cut off', line: lineAt(text.length) });
  return { records, problems };
}

export type StatusParser = (bytes: Uint8Array) => StatusText;

/** A parser that answers the text it read last from memory: the list beside an image is as a rule a copy of the one in it. */
export function createStatusParser(): StatusParser {
  let last: { readonly bytes: Uint8Array; readonly parsed: StatusText } | undefined;
  return (bytes) => {
    if (last && Buffer.compare(last.bytes, bytes) === 0) return last.parsed;
    last = { bytes: Uint8Array.from(bytes), parsed: parseDpkgStatus(bytes) };
    return last.parsed;
  };
}

/** A value as text; few have anything beyond ASCII. */
function fieldValue(text: string): string {
  const value = text.trim();
  return beyondAscii.test(value) ? decodeBytes(Buffer.from(value, 'latin1')) : value;
}

const INSTALLED = 'install ok installed';
const statusWords = [
  /^(unknown|install|hold|deinstall|purge)$/,
  /^(ok|reinstreq)$/,
  /^(not-installed|config-files|half-installed|unpacked|half-configured|triggers-awaited|triggers-pending|installed)$/,
] as const;

function isStatus(status: string): boolean {
  const words = status.split(/\s+/);
  return words.length === 3 && statusWords.every((known, i) => known.test(words[i] ?? ''));
}

/** What makes dpkg refuse a stanza. It takes a missing architecture with a warning, and keeps no version of what is not installed. */
function faultOf(name: string, version: string, status: string): string | undefined {
  if (name === '') return 'a package without a name';
  if (status !== INSTALLED && status !== '' && !isStatus(status))
    return `package ${name} has the status '${status}', which dpkg does not know`;
  if (version === '' && !status.endsWith(' not-installed')) return `package ${name} has no version`;
  if (/\s/.test(version)) return `package ${name} has a version with a blank in it`;
  return undefined;
}
