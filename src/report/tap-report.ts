/**
 * TAP 14: one test point a check, `not ok` with a YAML block for a failure and for what could not be verified, `# TODO` for
 * what is waived or does not fail the run, `# SKIP` for what does not apply or no image can tell. Values in the block are JSON strings.
 */
import type { CheckResult } from '../checks/check.ts';
import { countsAgainst, type Strictness, severityOf } from '../checks/result.ts';
import { escapeText } from './escape.ts';
import { describeWaiver, detailsOf, groupsOf, sentenceOf, standingOf, strictnessOf, titleOf } from './findings.ts';
import type { Reporter } from './reporter.ts';

export const tapReporter: Reporter = {
  render: (run) => {
    const points = groupsOf(run).flatMap(({ label, results }) => results.map((result) => ({ label, result })));
    const strictness = strictnessOf(run);
    const lines = points.flatMap(({ label, result }, i) => renderPoint(i + 1, label, result, strictness));
    return `${['TAP version 14', `1..${points.length}`, ...lines].join('\n')}\n`;
  },
};

function renderPoint(number: number, label: string, result: CheckResult, strictness: Strictness): readonly string[] {
  const advice = countsAgainst(result, strictness) ? '' : ` # TODO ${severityOf(result)}`;
  const name = `${number} - ${escapeTap(`${label}: ${result.id} ${titleOf(result)}`)}`;
  const sentence = sentenceOf(result);
  switch (standingOf(result)) {
    case 'pass':
      return [`ok ${name}`];
    case 'skip':
      return [`ok ${name} # SKIP ${escapeTap(sentence)}`];
    case 'undecidable':
      return [`ok ${name} # SKIP ${escapeTap(`no image can tell: ${sentence}`)}`];
    case 'waived':
      return [
        `not ok ${name} # TODO ${escapeTap(`waived: ${result.waiver ? describeWaiver(result.waiver) : ''}`)}`,
        ...renderBlock(sentence, result),
      ];
    case 'fail':
      return [`not ok ${name}${advice}`, ...renderBlock(sentence, result)];
    case 'unverified':
      return [`not ok ${name}${advice}`, ...renderBlock(`cannot tell: ${sentence}`, result)];
  }
}

function renderBlock(message: string, result: CheckResult): readonly string[] {
  const details = detailsOf(result).map(([title, text]) => `    - ${quote(`${title}: ${text}`)}`);
  return [
    '  ---',
    `  message: ${quote(message)}`,
    `  severity: ${severityOf(result)}`,
    ...(details.length > 0 ? ['  details:', ...details] : []),
    '  ...',
  ];
}

/** `#` begins a directive. */
const escapeTap = (text: string): string => escapeText(text).replace(/[\\#]/g, '\\$&');

const quote = (text: string): string => JSON.stringify(escapeText(text));
