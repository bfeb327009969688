/** What `explain` and `rules` print: the reference, from the same data the gate judges by. */
import { assertions } from '../../checks/assertions/registry.ts';
import { type ClusterCheck, clusterChecks } from '../../checks/cluster/cluster-checks.ts';
import type { Condition, ContractCheck } from '../../checks/contract.ts';
import { loadContract } from '../../checks/language/load-contract.ts';
import { hintFor } from '../../checks/language/nearest-name.ts';
import { type AnyLintRule, type LintOption, lintProfiles } from '../../checks/lint/lint-rule.ts';
import { lintRules } from '../../checks/lint/registry.ts';
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
  const lintRule = lintRules.find((one) => one.id === id);
  const across = clusterChecks.find((one) => one.id.toLowerCase() === id.toLowerCase());
  if (!check && !judge && !lintRule && !across) {
    const known = [...contract.checks, ...clusterChecks, ...lintRules].map((one) => one.id);
    known.push(...Object.keys(assertions), ...Object.keys(rules));
    throw new UsageError(
      `there is no check ${id} in the contract ${contract.name}`,
      hintFor(id, known) ?? 'check-image rules lists them',
    );
  }
  const lines = check
    ? explainCheck(check)
    : lintRule
      ? explainLintRule(lintRule)
      : across
        ? explainClusterCheck(across)
        : [`${id}   ${judge?.title}`, `  looks at  ${judge?.needs.join(', ')}`];
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
  return formatRows(`${check.id}   ${check.title}`, rows);
}

function explainClusterCheck({ id, title, severity, why, fix }: ClusterCheck): string[] {
  return formatRows(`${id}   ${title}`, [
    ['severity', severity],
    ['applies', 'to images of several nodes that belong together'],
    ['why', why],
    ['fix', fix],
  ]);
}

const costWords = { cheap: 'every run', walk: '--lint', content: '--lint --deep' } as const;

function explainLintRule(rule: AnyLintRule): string[] {
  const sentences = rule.examples.flatMap(({ findings }) => findings.map(([, sentence]) => sentence));
  return formatRows(`${rule.id}   ${rule.title}`, [
    ['severity', rule.severity],
    ['lint', rule.profiles.join(', ')],
    ['runs with', costWords[rule.cost]],
    ['looks at', rule.needs.join(', ')],
    ...Object.entries(rule.options ?? {}).map(([name, option]) => ['option', describeOption(name, option)] as const),
    ...sentences.map((sentence) => ['example', sentence] as const),
    ['why', rule.why],
    ['fix', rule.fix],
    ['from', rule.references.length > 0 ? rule.references.join(', ') : undefined],
  ]);
}

function describeOption(name: string, { title, default: value }: LintOption<unknown>): string {
  return `${name}: ${title} (${JSON.stringify(value)})`;
}

function formatRows(head: string, rows: readonly (readonly [string, string | undefined])[]): string[] {
  const shown = rows.filter((row): row is readonly [string, string] => row[1] !== undefined);
  const width = Math.max(...shown.map(([name]) => name.length));
  return [head, ...shown.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`)];
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
    ['cross checks of the nodes of one cluster', clusterChecks.map(({ id, title }) => [id, title])],
    ['claims a contract can make', Object.values(assertions).map(({ id, title }) => [id, title])],
    ['rules a contract can name', Object.values(rules).map(({ id, title }) => [id, title])],
    ...lintProfiles.map((profile) => {
      const members = lintRules.filter(({ profiles }) => profiles.includes(profile));
      return [`lint, profile ${profile}`, members.map(({ id, title }) => [id, title] as const)] as const;
    }),
  ];
  const width = Math.max(...sections.flatMap(([, rows]) => rows.map(([id]) => id.length)));
  const blocks = sections.map(([title, rows]) =>
    [title, ...rows.map(([id, text]) => escapeText(`  ${id.padEnd(width)}  ${text}`))].join('\n'),
  );
  terminal.out(`${blocks.join('\n\n')}\n`);
  return 0;
}
