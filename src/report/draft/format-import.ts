/** Imported tests as a contract: every check with the line it comes from, and below what could not be expressed. */
import type { Imported } from '../../checks/import/imported.ts';
import { formatLocation } from '../../location.ts';
import { escapeText } from '../escape.ts';
import { formatCheck } from './format-draft.ts';

export function formatImport(name: string, source: string, { checks, refused }: Imported): string {
  const width = Math.max(2, String(checks.length).length);
  return [
    '# yaml-language-server: $schema=node_modules/check-image/schemas/contract-1.schema.json',
    `# Imported from ${escapeText(source)}.`,
    `contract: ${name}`,
    'version: "1"',
    ...(checks.length > 0 ? ['', 'checks:'] : []),
    ...checks.flatMap((check, i) => formatCheck(`TEST-${String(i + 1).padStart(width, '0')}`, check)),
    ...(refused.length > 0 ? ['', '# What no claim of a contract can say:'] : []),
    ...refused.map(({ message, location }) => `# ${escapeText(`${formatLocation(location)}: ${message}`)}`),
    '',
  ].join('\n');
}
