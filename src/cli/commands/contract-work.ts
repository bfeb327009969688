/** What the commands of `contract` do. */
import type { Contract } from '../../checks/contract.ts';
import { ContractError, formatProblem } from '../../checks/contract-error.ts';
import { builtInContracts } from '../../checks/contracts/registry.ts';
import { loadContract } from '../../checks/language/load-contract.ts';
import { type ResolvedCheck, resolveContract } from '../../checks/resolve-contract.ts';
import type { ExitCode } from '../../checks/result.ts';
import { formatFlow } from '../../report/draft/format-draft.ts';
import { escapeText, formatJson } from '../../report/escape.ts';
import { contractFiles } from '../contract-files.ts';
import { requireSettings } from '../require-settings.ts';
import type { Terminal } from '../terminal.ts';

export async function listContracts(terminal: Terminal): Promise<ExitCode> {
  for (const load of Object.values(builtInContracts)) {
    const { name, version, title, checks } = await load();
    terminal.out(`${name} ${version}   ${title} (${checks.length} checks)\n`);
  }
  return 0;
}

export interface ShowOptions {
  readonly json: boolean;
  readonly set: readonly string[];
}

/** With `--set`, as it is for such a node. Throws UsageError and ContractError. */
export async function showContract(name: string, { json, set }: ShowOptions, terminal: Terminal): Promise<ExitCode> {
  const contract = await loadContract(name, contractFiles);
  if (set.length > 0) {
    const resolved = resolveContract(contract, requireSettings(contract, set));
    terminal.out(json ? formatJson(resolved) : describeResolved(contract, resolved));
    return 0;
  }
  terminal.out(json ? formatJson(contract) : describeContract(contract));
  return 0;
}

export async function validateContracts(files: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let exitCode: ExitCode = 0;
  for (const file of files) {
    try {
      const { name, version, checks } = await loadContract(isPlainName(file) ? `./${file}` : file, contractFiles);
      terminal.out(`${escapeText(file)}: ${name} ${version}, ${checks.length} checks\n`);
    } catch (error) {
      if (!(error instanceof ContractError)) throw error;
      for (const problem of error.problems) terminal.err(`${escapeText(formatProblem(problem))}\n`);
      exitCode = 2;
    }
  }
  return exitCode;
}

/** What is validated is always a file, whatever it is called. */
const isPlainName = (file: string): boolean => !/[./]/.test(file);

function describeResolved({ name, version, title }: Contract, checks: readonly ResolvedCheck[]): string {
  const width = Math.max(0, ...checks.map(({ id }) => id.length));
  const words = { judged: '', open: 'open', skipped: 'skip', undecidable: 'unknown' } as const;
  const lines = checks.flatMap(({ id, title: what, severity, state, because, claims }) => [
    `  ${id.padEnd(width)}  ${(words[state] || severity).padEnd(7)} ${what}${because === undefined ? '' : ` (${because})`}`,
    ...claims.map(({ kind, options }) => `  ${' '.repeat(width)}          ${kind}: ${formatFlow(options)}`),
  ]);
  return [`${name} ${version}   ${title}`, '', ...lines].map((line) => `${escapeText(line)}\n`).join('');
}

function describeContract({ name, version, title, parameters, checks }: Contract): string {
  const width = Math.max(...checks.map(({ id }) => id.length));
  const lines = [
    `${name} ${version}   ${title}`,
    '',
    ...Object.entries(parameters).map(([parameter, { title: what, values, detect, default: value }]) => {
      const facts = [
        ...(what === undefined ? [] : [what]),
        ...(values ? [`one of ${values.join(', ')}`] : []),
        ...(detect === undefined ? [] : ['detected']),
        ...(value === undefined ? [] : [`default ${value}`]),
      ];
      return `  --set ${parameter}=...   ${facts.join('; ')}`;
    }),
    '',
    ...checks.map((check) => {
      const kind = check.skip === undefined ? (check.undecidable === undefined ? check.severity : 'unknown') : 'skip';
      return `  ${check.id.padEnd(width)}  ${kind.padEnd(7)} ${check.title}`;
    }),
  ];
  return `${escapeText(lines.join('\0')).replaceAll('\\x00', '\n')}\n`;
}
