/**
 * The report of a chain: every check in the order of the contract, numbered, with what was found and where; at the end the
 * first link that is broken. For contracts whose checks depend on each other, such as `boot`.
 */
import type { CheckResult, Verdict } from '../checks/check.ts';
import type { ImageResult } from '../checks/result.ts';
import { severityOf } from '../checks/result.ts';
import { formatLocation, type Location } from '../location.ts';
import { escapeText } from './escape.ts';
import type { RenderOptions, Reporter } from './reporter.ts';
import { formatPlace } from './text-report.ts';

const words = { pass: 'ok', fail: 'FAIL', unknown: 'UNKNOWN', skip: '-' } as const;
const colors = { pass: '32', fail: '1;31', unknown: '35', skip: '2' } as const;
const wordWidth = 9;

export const chainReporter: Reporter = {
  render: (result, options) => {
    const single = result.images.length === 1;
    return `${result.images.map((image) => renderImage(image, single, options)).join('\n\n')}\n`;
  },
};

function renderImage(image: ImageResult, single: boolean, options: RenderOptions): string {
  const { label } = image.subject;
  if (image.state === 'unreadable') {
    const { message, location } = image.error;
    return escapeText(`${label}: no verdict: ${message}${location ? ` (${formatLocation(location)})` : ''}`);
  }
  const { results } = image.judgement;
  const place = (location: Location): string => formatPlace(location, label, single);
  const { layers, system } = image.subject;
  const head = [label, ...layers.map((line) => `  ${line}`), ...(system.length > 0 ? [`  ${system.join(', ')}`] : [])];
  return [
    ...head.map(escapeText),
    '',
    ...results.flatMap((result, index) => renderLink(result, index + 1, place, options)),
    '',
    concludeChain(results),
  ].join('\n');
}

function renderLink(
  { title, verdict, fix }: CheckResult,
  number: number,
  place: (location: Location) => string,
  { color }: RenderOptions,
): string[] {
  const word = words[verdict.status].padEnd(wordWidth);
  const indent = ' '.repeat(4 + wordWidth);
  const remedy = verdict.status === 'fail' ? (verdict.remedy ?? fix) : undefined;
  const details = [
    ...textOf(verdict),
    ...evidenceOf(verdict).map(({ role, location, excerpt }) =>
      [role.padEnd(9), place(location), ...(excerpt === undefined ? [] : [excerpt])].join('  '),
    ),
    ...(remedy === undefined ? [] : [`${'fix'.padEnd(9)}  ${remedy}`]),
  ];
  const shown = color ? `\u001b[${colors[verdict.status]}m${word}\u001b[0m` : word;
  return [
    `${String(number).padStart(2)}  ${shown}${escapeText(title)}`,
    ...details.map((line) => `${indent}${escapeText(line)}`),
  ];
}

function textOf(verdict: Verdict): readonly string[] {
  if (verdict.status === 'pass') return verdict.note === undefined ? [] : [verdict.note];
  return [verdict.status === 'skip' ? verdict.reason : verdict.message];
}

function evidenceOf(verdict: Verdict) {
  return verdict.status === 'skip' ? [] : (verdict.evidence ?? []);
}

/** The first link that breaks the chain; one that may hold is said only if none is broken. */
function concludeChain(results: readonly CheckResult[]): string {
  const numbered = results.map((result, index) => ({ result, number: index + 1 }));
  const broken = numbered.filter(({ result }) => result.verdict.status === 'fail');
  const [first] = broken.filter(({ result }) => severityOf(result) === 'must');
  if (first) return `the chain is broken at link ${first.number}`;
  const open = numbered.filter(({ result }) => result.verdict.status === 'unknown').map(({ number }) => number);
  const weak = broken.map(({ number }) => number);
  const remarks = [
    ...(weak.length > 0 ? [`look at ${weak.join(', ')}`] : []),
    ...(open.length > 0 ? [`cannot tell ${open.join(', ')}`] : []),
  ];
  return remarks.length > 0 ? `no link is broken; ${remarks.join('; ')}` : 'no link is broken';
}
