/**
 * SARIF 2.1.0 (OASIS): one run for all images. The checks are its rules; a result lies at its line of the contract, and the
 * places in the image are related locations with their logical names. Evidence that could not be read is a result of kind
 * `review` and, where it leaves no verdict, an execution that was not successful. Waived failures are suppressed results.
 */
import type { CheckResult, Severity } from '../checks/check.ts';
import { fingerprintOf } from '../checks/fingerprint.ts';
import { type RunResult, severityOf } from '../checks/result.ts';
import { escapeText, formatJson } from './escape.ts';
import { asOneLine, describeWaiver, evidenceOf, groupsOf, type Standing, sentenceOf, standingOf } from './findings.ts';
import type { RenderOptions, Reporter } from './reporter.ts';
import { contractLocation, imageLocation } from './sarif/sarif-location.ts';

const levels: Readonly<Record<Severity, string>> = { must: 'error', should: 'warning', info: 'note' };

const kinds: Readonly<Record<Standing, string>> = {
  fail: 'fail',
  waived: 'fail',
  unverified: 'review',
  undecidable: 'review',
  pass: 'pass',
  skip: 'notApplicable',
};

const message = (text: string): object => ({ text: escapeText(text) });

export const sarifReporter: Reporter = {
  render: (run, options) =>
    formatJson({
      $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json',
      version: '2.1.0',
      runs: [renderRun(run, options)],
    }),
};

function renderRun(run: RunResult, { verbose = false }: RenderOptions): object {
  const groups = groupsOf(run);
  const rules = new Map(groups.flatMap(({ results }) => results.map((result) => [result.id, result] as const)));
  const indexes = new Map([...rules.keys()].map((id, i) => [id, i]));
  const isShown = (result: CheckResult): boolean => verbose || !['pass', 'skip'].includes(standingOf(result));
  return {
    tool: {
      driver: { name: run.tool.name, semanticVersion: run.tool.version, rules: [...rules.values()].map(renderRule) },
    },
    automationDetails: { id: `${run.tool.name}/` },
    columnKind: 'unicodeCodePoints',
    invocations: [
      {
        executionSuccessful: run.exitCode !== 3 && run.images.every(({ state }) => state === 'judged'),
        exitCode: run.exitCode,
        toolExecutionNotifications: groups.flatMap(renderNotifications),
      },
    ],
    results: groups.flatMap(({ label, results }) =>
      results.filter(isShown).map((result) => renderResult(label, result, indexes.get(result.id) ?? 0)),
    ),
  };
}

function renderRule({ id, title, severity, why, fix, references }: CheckResult): object {
  const help = [
    ...(why === undefined ? [] : [`Why: ${asOneLine(why)}`]),
    ...(fix === undefined ? [] : [`Fix: ${asOneLine(fix)}`]),
    ...(references.length > 0 ? [`From: ${references.join(', ')}`] : []),
  ];
  const lines = help.length > 0 ? help : [asOneLine(title)];
  return {
    id: escapeText(id),
    shortDescription: message(asOneLine(title)),
    fullDescription: message(asOneLine(why ?? title)),
    help: { text: lines.map(escapeText).join('\n') },
    defaultConfiguration: { level: levels[severity] },
  };
}

/** What was not readable, and what else the readers noticed. */
function renderNotifications({ label, results, diagnostics }: ReturnType<typeof groupsOf>[number]): readonly object[] {
  const unverified = results.filter((result) => standingOf(result) === 'unverified');
  return [
    ...unverified.map((result) => ({
      level: result.severity === 'must' ? 'error' : 'warning',
      descriptor: { id: escapeText(result.id) },
      message: message(`${label}: ${sentenceOf(result)}`),
      locations: evidenceOf(result).map(({ location }) => imageLocation(location)),
    })),
    ...diagnostics.map(({ level, code, message: text, location }) => ({
      level: level === 'damage' ? 'warning' : 'note',
      descriptor: { id: escapeText(code) },
      message: message(`${label}: ${text}`),
      locations: location ? [imageLocation(location)] : [],
    })),
  ];
}

function renderResult(label: string, result: CheckResult, ruleIndex: number): object {
  const { contract, waiver, basis } = result;
  const kind = kinds[standingOf(result)];
  const evidence = evidenceOf(result);
  const [first] = evidence;
  const place = contract ? contractLocation(contract) : first && imageLocation(first.location);
  return {
    ruleId: escapeText(result.id),
    ruleIndex,
    kind,
    level: kind === 'fail' ? levels[severityOf(result)] : 'none',
    message: message(`${label}: ${sentenceOf(result)}`),
    locations: place ? [place] : [],
    relatedLocations: evidence.map(({ role, location, excerpt }, i) => ({
      id: i + 1,
      ...imageLocation(location, excerpt),
      message: message(role),
    })),
    partialFingerprints: { 'checkImageFinding/v1': fingerprintOf(label, result) },
    suppressions: waiver
      ? [{ kind: 'external', status: 'accepted', justification: escapeText(describeWaiver(waiver)) }]
      : [],
    ...(basis === undefined ? {} : { properties: { basis } }),
  };
}
