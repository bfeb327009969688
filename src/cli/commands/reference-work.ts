/** What `explain` and `rules` print: the reference, from the same data the gate judges by. */
import { assertions } from '../../checks/assertions/registry.ts';
import type { Condition, ContractCheck } from '../../checks/contract.ts';
import { loadContract } from '../../checks/language/load-contract.ts';
import { hintFor } from '../../checks/language/nearest-name.ts';
import type { ExitCode } from '../../checks/result.ts';
import { rules } from '../../checks/rules/registry.ts';
import { formatLocation } from '../../location.ts';
import { escapeText } from '../../report/escape.ts';
import { contractFiles } from '../contract-files.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';

export async function explain(id: string, contractName: string, terminal: Terminal): Promise<ExitCode> {
  const contract = await loadContract(contractName, contractFiles);
  const check = contract.checks.find((one) => one.id.toLowerCase() === id.toLowerCase());
  const judge = assertions[id] ?? rules[id];
  if (!check && !judge) {
    const known = [...contract.checks.map((one) => one.id), ...Object.keys(assertions), ...Object.keys(rules)];
    throw new UsageError(`there is no check ${id} in the contract ${contract.name}`, hintFor(id, known));
  }
  const lines = check ? explainCheck(check) : [`${id}   ${judge?.title}`, `  looks at  ${judge?.needs.join(', ')}`];
  terminal.out(`${lines.map(escapeText).join('\n')}\n`);
  return 0;
}

function explainCheck(check: ContractCheck): string[] {
  const rows: (readonly [string, string | undefined])[] = [
    ['severity', check.severity],
    ['applies', check.when && describeCondition(check.when)],
    ['needs', check.needs.length > 0 ? check.needs.join(', ') : undefined],
    ...check.assertions.map(({ kind, options }) => [kind, JSON.stringify(options)] as const),
    ['unknown', check.undecidable],
    ['left out', check.skip],
    ...Object.entries(check.platforms).flatMap(([platform, { skip, severity, assertions: uses = [] }]) => [
      ...(skip === undefined ? [] : [[platform, `not judged: ${skip}`] as const]),
      ...(severity === undefined ? [] : [[platform, `severity ${severity}`] as const]),
      ...uses.map(({ kind, options }) => [platform, `${kind} ${JSON.stringify(options)}`] as const),
    ]),
    ['why', check.why],
    ['fix', check.fix],
    ['from', check.references.length > 0 ? check.references.join(', ') : undefined],
    ['contract', formatLocation(check.location)],
  ];
  const shown = rows.filter((row): row is readonly [string, string] => row[1] !== undefined);
  const width = Math.max(...shown.map(([name]) => name.length));
  return [`${check.id}   ${check.title}`, ...shown.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`)];
}

function describeCondition(when: Condition): string {
  return Object.entries(when)
    .map(([name, values]) => `${name} ${values.join(' or ')}`)
    .join(', ');
}

export async function listRules(contractName: string, terminal: Terminal): Promise<ExitCode> {
  const contract = await loadContract(contractName, contractFiles);
  const sections: readonly (readonly [string, readonly (readonly [string, string])[]])[] = [
    [`checks of ${contract.name} ${contract.version}`, contract.checks.map(({ id, title }) => [id, title])],
    ['claims a contract can make', Object.values(assertions).map(({ id, title }) => [id, title])],
    ['rules a contract can name', Object.values(rules).map(({ id, title }) => [id, title])],
  ];
  const width = Math.max(...sections.flatMap(([, rows]) => rows.map(([id]) => id.length)));
  const blocks = sections.map(([title, rows]) =>
    [title, ...rows.map(([id, text]) => escapeText(`  ${id.padEnd(width)}  ${text}`))].join('\n'),
  );
  terminal.out(`${blocks.join('\n\n')}\n`);
  return 0;
}
