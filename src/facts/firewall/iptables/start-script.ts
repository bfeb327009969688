/**
 * Shell scripts that build a filter by iptables commands, such as firewall-start of NixOS: `iptables`, `ip6tables` and the
 * function `ip46tables` for both. Variables and control structures are not run: a rule inside of one is perhaps there.
 */
import type { Location } from '../../../location.ts';
import type { Family } from '../firewall-fact.ts';
import type { FilterTables } from './filter-tables.ts';
import { splitShellWords } from './shell-words.ts';

const opening = /^(?:if|for|while|until|case)\b/;
const closing = /^(?:fi|done|esac)\b/;

/** Runs the commands for one family in the order of the script. */
export function loadStartScript(text: string, place: Location, tables: FilterTables, family: Family = 'ip'): void {
  let depth = 0;
  let inFunction = false;
  for (const { line, number } of joinLines(text)) {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    if (/^[A-Za-z0-9_]+ ?\(\) ?\{/.test(trimmed)) inFunction = !trimmed.endsWith('}');
    else if (inFunction && trimmed === '}') inFunction = false;
    else if (opening.test(trimmed)) depth += /;\s*(?:fi|done|esac)$/.test(trimmed) ? 0 : 1;
    else if (closing.test(trimmed)) depth = Math.max(0, depth - 1);
    else if (!inFunction) runCommand(trimmed, { ...place, line: number }, tables, depth > 0, programs[family]);
  }
}

function* joinLines(text: string): Iterable<{ line: string; number: number }> {
  let pending: string[] = [];
  let start = 1;
  for (const [index, line] of text.split('\n').entries()) {
    if (pending.length === 0) start = index + 1;
    const continues = line.endsWith('\\');
    pending.push(continues ? line.slice(0, -1) : line);
    if (continues) continue;
    yield { line: pending.join(' '), number: start };
    pending = [];
  }
}

const programs: Readonly<Record<Family, ReadonlySet<string>>> = {
  ip: new Set(['iptables', 'ip46tables', 'iptables-nft', 'iptables-legacy']),
  ip6: new Set(['ip6tables', 'ip46tables', 'ip6tables-nft', 'ip6tables-legacy']),
};
const controlWords: ReadonlySet<string> = new Set(['||', '&&', ';', '|']);

function runCommand(
  line: string,
  location: Location,
  tables: FilterTables,
  isConditional: boolean,
  own: ReadonlySet<string>,
): void {
  const all = splitShellWords(line).words;
  const end = all.findIndex((word) => controlWords.has(word) || /^[0-9]?>/.test(word) || word.endsWith(';'));
  const words = end < 0 ? all : all.slice(0, all[end]?.endsWith(';') && all[end] !== ';' ? end + 1 : end);
  const [program = '', ...rest] = words.map((word) => (word.length > 1 ? word.replace(/;$/, '') : word));
  if (!own.has(program.slice(program.lastIndexOf('/') + 1))) return;
  const args = rest.filter((word) => word !== '-w' && word !== '--wait');
  const tableAt = args.findIndex((word) => word === '-t' || word === '--table');
  const table = tableAt < 0 ? 'filter' : (args[tableAt + 1] ?? 'filter');
  const [command, chain = '', ...rule] =
    tableAt < 0 ? args : args.filter((_, at) => at !== tableAt && at !== tableAt + 1);
  const usesVariable = rule.some((word) => word.includes('$'));
  const doubt = isConditional ? 'a condition of the script' : usesVariable ? 'a variable of the script' : undefined;
  switch (command) {
    case '-N':
      tables.create(table, chain, location);
      break;
    case '-A':
      tables.add(table, chain, rule, location, undefined, doubt);
      break;
    case '-I': {
      const number = /^[0-9]{1,6}$/.test(rule[0] ?? '') ? Number(rule[0]) : undefined;
      tables.add(table, chain, number === undefined ? rule : rule.slice(1), location, number ?? 1, doubt);
      break;
    }
    case '-P':
      tables.setPolicy(table, chain, rule[0] ?? '', location);
      break;
    case '-F':
      tables.flush(table, chain === '' ? undefined : chain);
      break;
    case '-D':
      tables.remove(table, chain, rule);
  }
}
