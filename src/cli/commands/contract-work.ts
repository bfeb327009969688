/** What the commands of `contract` do. */
import type { Contract } from '../../checks/contract.ts';
import { ContractError, formatProblem } from '../../checks/contract-error.ts';
import { builtInContracts } from '../../checks/contracts/registry.ts';
import { loadContract } from '../../checks/language/load-contract.ts';
import type { ExitCode } from '../../checks/result.ts';
import { escapeText, formatJson } from '../../report/escape.ts';
import { contractFiles } from '../contract-files.ts';
import type { Terminal } from '../terminal.ts';

export async function listContracts(terminal: Terminal): Promise<ExitCode> {
  for (const load of Object.values(builtInContracts)) {
    const { name, version, title, checks } = await load();
    terminal.out(`${name} ${version}   ${title} (${checks.length} checks)\n`);
  }
  return 0;
}

export async function showContract(name: string, json: boolean, terminal: Terminal): Promise<ExitCode> {
  const contract = await loadContract(name, contractFiles);
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
