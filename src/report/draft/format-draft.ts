/** A drafted contract as a YAML document to go on from: sections with what they are about, each claim with its place. */

import type { OptionValue } from '../../checks/contract.ts';
import { type DraftClaim, draftSections } from '../../checks/draft/draft-claims.ts';
import { formatLocation } from '../../location.ts';
import { escapeText } from '../escape.ts';

export interface Draft {
  readonly name: string;
  /** Labels of the images it was drafted from. */
  readonly images: readonly string[];
  /** A built-in contract that would fit too. */
  readonly fits?: string;
  readonly claims: readonly DraftClaim[];
}

export function formatDraft({ name, images, fits, claims }: Draft): string {
  const sections = draftSections.flatMap(({ id, title }) => {
    const own = claims.filter(({ section }) => section === id);
    if (own.length === 0) return [];
    const width = Math.max(2, String(own.length).length);
    const checks = own.flatMap((claim, i) => formatCheck(`${id}-${String(i + 1).padStart(width, '0')}`, claim));
    return ['', `  # ${title}.`, ...checks];
  });
  return [
    '# yaml-language-server: $schema=node_modules/check-image/schemas/contract-1.schema.json',
    `# Drafted from ${images.map(escapeText).join(' and ')}: what somebody decided there.`,
    '# Take out what you do not care about, say why the rest matters (why:), and how to mend it (fix:).',
    '# A check is must unless it says severity: should. check-image contract validate tells what is wrong.',
    `contract: ${name}`,
    'version: "1"',
    `title: ${formatScalar(`What ${escapeText(images[0] ?? name)} is like`)}`,
    ...(fits === undefined
      ? []
      : [`# extends: ${fits}   # the built-in contract for such a node: its checks would be judged too`]),
    ...(claims.length > 0 ? ['', 'checks:', ...sections.slice(1)] : []),
    '',
  ].join('\n');
}

/** The lines of one check, with the place it comes from. */
export function formatCheck(
  id: string,
  { title, kind, options, location }: Omit<DraftClaim, 'section'>,
): readonly string[] {
  const place = location ? [`    # ${escapeText(formatLocation(location))}`] : [];
  return [`  ${id}:`, `    title: ${formatScalar(title)}`, ...place, `    ${kind}: ${formatFlow(options)}`];
}

/** One line of YAML in flow style. */
export function formatFlow(value: OptionValue): string {
  if (isList(value)) return `[${value.map(formatFlow).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return formatScalar(value);
  return `{ ${Object.entries(value)
    .map(([key, one]) => `${key}: ${formatFlow(one)}`)
    .join(', ')} }`;
}

const isList = (value: OptionValue): value is readonly OptionValue[] => Array.isArray(value);

/** Bare where nothing but a text can be meant, else as a JSON string, which is YAML too. */
function formatScalar(value: string | number | boolean | null): string {
  if (typeof value !== 'string') return String(value);
  const isPlain = /^[A-Za-z/][A-Za-z0-9/_.@-]*(?: [A-Za-z0-9/_.@-]+)*$/.test(value);
  return isPlain && !/^(?:true|false|yes|no|on|off|null|y|n)$/i.test(value) ? value : JSON.stringify(value);
}
