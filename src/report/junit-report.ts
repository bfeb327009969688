/**
 * JUnit XML as GitLab and Jenkins read it: one suite an image, one case a check. A failure is `<failure>`, evidence that
 * could not be read is `<error>`, where it fails the run: Jenkins fails a build for one. Advice that does not, what does not apply,
 * what no image can tell and what is waived is `<skipped>`, each with its reason. Without times, so that the same image gives the same file.
 */
import type { CheckResult } from '../checks/check.ts';
import { countsAgainst, type Strictness, severityOf } from '../checks/result.ts';
import { formatLocation } from '../location.ts';
import { escapeText } from './escape.ts';
import {
  describeWaiver,
  detailsOf,
  type Group,
  groupsOf,
  sentenceOf,
  standingOf,
  strictnessOf,
  titleOf,
} from './findings.ts';
import type { Reporter } from './reporter.ts';

export const junitReporter: Reporter = {
  render: (run) => {
    const groups = groupsOf(run);
    const strictness = strictnessOf(run);
    const all = groups.flatMap(({ results }) => results);
    const attributes = formatAttributes({ name: run.tool.name, ...tally(all, strictness) });
    const suites = groups.map((group) => renderSuite(group, strictness)).join('');
    return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${attributes}>\n${suites}</testsuites>\n`;
  },
};

function tally(results: readonly CheckResult[], strictness: Strictness): Readonly<Record<string, string>> {
  const elements = results.map((result) => elementOf(result, strictness)?.name);
  const count = (name: string): string => String(elements.filter((one) => one === name).length);
  return {
    tests: String(results.length),
    failures: count('failure'),
    errors: count('error'),
    skipped: count('skipped'),
  };
}

function renderSuite({ label, results, diagnostics }: Group, strictness: Strictness): string {
  const notes = diagnostics.map(({ level, message, location }) =>
    escapeXml(`${level}: ${message}${location ? ` (${formatLocation(location)})` : ''}`),
  );
  const said = notes.length > 0 ? `    <system-err>${notes.join('\n')}</system-err>\n` : '';
  const cases = results.map((result) => renderCase(label, result, strictness)).join('');
  return `  <testsuite${formatAttributes({ name: label, ...tally(results, strictness) })}>\n${cases}${said}  </testsuite>\n`;
}

function renderCase(label: string, result: CheckResult, strictness: Strictness): string {
  const { id, contract } = result;
  const attributes = formatAttributes({
    classname: label,
    name: `${id} ${titleOf(result)}`,
    ...(contract ? { file: contract.source } : {}),
    ...(contract?.line === undefined ? {} : { line: String(contract.line) }),
  });
  const element = elementOf(result, strictness);
  if (!element) return `    <testcase${attributes}/>\n`;
  const { name, message } = element;
  const type = name === 'skipped' ? {} : { type: severityOf(result) };
  const lines = [sentenceOf(result), ...detailsOf(result).map(([role, text]) => `${role}: ${text}`)];
  const body = lines.map(escapeXml).join('\n');
  return `    <testcase${attributes}>\n      <${name}${formatAttributes({ message, ...type })}>${body}</${name}>\n    </testcase>\n`;
}

interface Element {
  readonly name: 'failure' | 'error' | 'skipped';
  readonly message: string;
}

function elementOf(result: CheckResult, strictness: Strictness): Element | undefined {
  const message = sentenceOf(result);
  const fails = countsAgainst(result, strictness);
  switch (standingOf(result)) {
    case 'fail':
      return fails ? { name: 'failure', message } : { name: 'skipped', message: `${severityOf(result)}: ${message}` };
    case 'unverified':
      return { name: fails ? 'error' : 'skipped', message: `cannot tell: ${message}` };
    case 'undecidable':
      return { name: 'skipped', message: `no image can tell: ${message}` };
    case 'waived':
      return { name: 'skipped', message: `waived: ${result.waiver ? describeWaiver(result.waiver) : message}` };
    case 'skip':
      return { name: 'skipped', message };
    case 'pass':
      return undefined;
  }
}

function formatAttributes(attributes: Readonly<Record<string, string>>): string {
  return Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${escapeXml(value)}"`)
    .join('');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** For content and attributes; `escapeText` leaves no character that XML 1.0 does not have. */
function escapeXml(text: string): string {
  return escapeText(text).replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
