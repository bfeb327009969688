/** Files of iptables-save(8): `*table`, `:CHAIN POLICY [packets:bytes]`, rules as command lines, `COMMIT`. */
import type { Location } from '../../../location.ts';
import type { FilterTables } from './filter-tables.ts';
import { splitShellWords } from './shell-words.ts';

/** Loads a file into the tables. A line iptables-restore would refuse is a problem. */
export function loadSaveFile(text: string, place: Location, tables: FilterTables): void {
  let table: string | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    const trimmed = line.trim();
    const location = { ...place, line: index + 1 };
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    if (trimmed.startsWith('*')) {
      table = trimmed.slice(1);
      continue;
    }
    if (trimmed === 'COMMIT') {
      table = undefined;
      continue;
    }
    const problem = loadLine(trimmed, table, location, tables);
    if (problem !== undefined) tables.problems.push({ message: problem, location });
  }
  if (table !== undefined)
    tables.problems.push({ message: `the table ${table} has no COMMIT: nothing of it is loaded`, location: place });
}

function loadLine(
  line: string,
  table: string | undefined,
  location: Location,
  tables: FilterTables,
): string | undefined {
  if (table === undefined) return 'the line stands outside of a table';
  if (line.startsWith(':')) {
    const [name = '', policy = '-'] = line.slice(1).split(/\s+/);
    tables.create(table, name, location);
    if (policy !== '-') tables.setPolicy(table, name, policy, location);
    return undefined;
  }
  const { words, isClosed } = splitShellWords(line.replace(/^\[[0-9]*:[0-9]*\]\s*/, ''));
  if (!isClosed) return 'a quoted string does not end';
  const [command, chain = '', ...rest] = words;
  switch (command) {
    case '-A':
    case '--append':
      tables.add(table, chain, rest, location);
      return undefined;
    case '-I':
    case '--insert': {
      const number = /^[0-9]{1,6}$/.test(rest[0] ?? '') ? Number(rest[0]) : undefined;
      tables.add(table, chain, number === undefined ? rest : rest.slice(1), location, number ?? 1);
      return undefined;
    }
    case '-N':
      tables.create(table, chain, location);
      return undefined;
    case '-P':
      tables.setPolicy(table, chain, rest[0] ?? '', location);
      return undefined;
    case '-F':
      tables.flush(table, chain === '' ? undefined : chain);
      return undefined;
    case '-X':
    case '-Z':
      return undefined;
    case '-D':
      tables.remove(table, chain, rest);
      return undefined;
    default:
      return `'${command}' is no line of iptables-save`;
  }
}
