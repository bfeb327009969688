/** INI files: `[section]`, `key = value`, comments from `#` or `;` at the start of a line. The last of equal keys counts. */
import { createTable } from '../../table.ts';

/** Sections by name; keys before any section stand at the top. */
export function parseIni(text: string): Readonly<Record<string, unknown>> {
  const top = createTable<unknown>();
  let section: Record<string, unknown> = top;
  for (const raw of text.split('\n')) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue;
    if (line.startsWith('[') && line.endsWith(']')) {
      const name = line.slice(1, -1).trim();
      const known = top[name];
      section = typeof known === 'object' && known !== null ? (known as Record<string, unknown>) : createTable();
      top[name] = section;
      continue;
    }
    const equals = line.indexOf('=');
    if (equals < 0) section[line] = '';
    else section[line.slice(0, equals).trim()] = line.slice(equals + 1).trim();
  }
  return top;
}
