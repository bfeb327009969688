/**
 * Workflow commands of GitHub Actions: one annotation a finding, at its line of the contract, and a closing line of plain
 * text. Data and properties are percent-escaped as the runner undoes it.
 */
import type { CheckResult } from '../checks/check.ts';
import { severityOf } from '../checks/result.ts';
import { escapeText } from './escape.ts';
import { detailsOf, groupsOf, sentenceOf, standingOf, verdictSentence } from './findings.ts';
import type { Reporter } from './reporter.ts';

type Command = 'error' | 'warning' | 'notice';

const commands = { must: 'error', should: 'warning', info: 'notice' } as const;

export const githubReporter: Reporter = {
  render: (run) => {
    const lines = groupsOf(run).flatMap(({ label, results }) =>
      results.flatMap((result) => {
        const command = commandOf(result);
        return command ? [formatAnnotation(command, label, result)] : [];
      }),
    );
    return `${[...lines, verdictSentence(run.exitCode)].join('\n')}\n`;
  },
};

function commandOf(result: CheckResult): Command | undefined {
  switch (standingOf(result)) {
    case 'fail':
    case 'unverified':
      return commands[severityOf(result)];
    case 'waived':
      return 'notice';
    default:
      return undefined;
  }
}

function formatAnnotation(command: Command, label: string, result: CheckResult): string {
  const { id, contract } = result;
  const words = { unverified: 'cannot tell: ', waived: 'waived: ' } as const;
  const standing = standingOf(result);
  const before = standing === 'unverified' || standing === 'waived' ? words[standing] : '';
  const properties: readonly (readonly [string, string | number | undefined])[] = [
    ['file', contract?.source],
    ['line', contract?.line],
    ['col', contract?.column],
    ['title', `${id} (${label})`],
  ];
  const given = properties.flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${escapeProperty(String(value))}`],
  );
  const lines = [`${before}${sentenceOf(result)}`, ...detailsOf(result).map(([role, text]) => `${role}: ${text}`)];
  return `::${command} ${given.join(',')}::${lines.map(escapeData).join('%0A')}`;
}

function escapeData(text: string): string {
  return escapeText(text).replaceAll('%', '%25');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
