/**
 * The report for people: one block an image. Failures first, then what cannot be told, then notes; each with the places
 * that decided it and what to do; one line of counts at the end.
 */
import type { Basis, CheckResult, Evidence } from '../checks/check.ts';
import type { ClusterResult } from '../checks/cluster/judge-clusters.ts';
import { type Counts, countResults, type ImageResult, type LintSummary, type RunResult } from '../checks/result.ts';
import { formatLocation, type Location } from '../location.ts';
import { escapeText } from './escape.ts';
import { makeMatrix } from './matrix.ts';
import type { RenderOptions, Reporter } from './reporter.ts';
import { type Entry, entriesOf, entriesOfCluster, entriesOfUpkeep } from './text-entries.ts';
import { renderMatrix } from './text-matrix.ts';
import { type Paint, styles } from './text-styles.ts';

const labelWidth = 9;

export const textReporter: Reporter = {
  render: (result, options) => {
    const paint: Paint = (style, text) => (options.color ? `\u001b[${styles[style]}m${text}\u001b[0m` : text);
    const blocks = result.images.map((image) => renderImage(image, result, options, paint));
    for (const cluster of result.clusters ?? []) blocks.push(renderCluster(cluster, options, paint));
    if (result.upkeep?.length) blocks.push(renderUpkeep(result.upkeep, options.explain ?? false, paint));
    const matrix = makeMatrix(result);
    if (matrix) blocks.push(renderMatrix(matrix, paint));
    return `${blocks.join('\n\n')}\n`;
  },
};

/** The nodes, what is wrong between them, and how many cross checks there were. */
function renderCluster(
  cluster: ClusterResult,
  { verbose = false, explain = false }: RenderOptions,
  paint: Paint,
): string {
  const { nodes, results } = cluster;
  const entries = entriesOfCluster(results, verbose);
  const width = Math.max(0, ...entries.map(({ ids }) => idText(ids).length));
  const names = nodes.map(({ image, role, name }) => `  ${image}: ${role}${name === undefined ? '' : ` ${name}`}`);
  return [
    paint('bold', 'cluster'),
    ...names.map(escapeText),
    '',
    ...entries.flatMap((entry) => renderEntry(entry, { width, place: formatLocation, explain }, paint)),
    ...(entries.length > 0 ? [''] : []),
    renderCounts(countResults(results), undefined, paint),
  ].join('\n');
}

function renderUpkeep(upkeep: readonly CheckResult[], explain: boolean, paint: Paint): string {
  const entries = entriesOfUpkeep(upkeep);
  const width = Math.max(0, ...entries.map(({ ids }) => idText(ids).length));
  return entries.flatMap((entry) => renderEntry(entry, { width, place: formatLocation, explain }, paint)).join('\n');
}

type Judged = Extract<ImageResult, { state: 'judged' }>;

function renderImage(image: ImageResult, run: RunResult, options: RenderOptions, paint: Paint): string {
  if (image.state === 'unreadable') return renderUnreadable(image, paint);
  const single = run.images.length === 1;
  const place = (location: Location): string => formatPlace(location, image.subject.label, single);
  const entries = entriesOf(image, options.verbose ?? false);
  const width = Math.max(0, ...entries.map(({ ids }) => idText(ids).length));
  const lines = [
    ...renderHead(image, paint),
    '',
    ...entries.flatMap((entry) => renderEntry(entry, { width, place, explain: options.explain ?? false }, paint)),
    ...(entries.length > 0 ? [''] : []),
    ...renderBasis(image, paint),
    renderCounts(image.counts, single ? options.seconds : undefined, paint),
  ];
  return lines.join('\n');
}

function renderUnreadable(image: Extract<ImageResult, { state: 'unreadable' }>, paint: Paint): string {
  const { message, location, remedy } = image.error;
  const where = location && !message.includes(location.source) ? ` (${formatLocation(location)})` : '';
  const fix = remedy === undefined ? '' : `; ${remedy}`;
  return `${paint('bold', escapeText(image.subject.label))}: ${paint('UNKNOWN', 'no verdict')}: ${escapeText(`${message}${where}${fix}`)}`;
}

function renderHead({ subject, judgement }: Judged, paint: Paint): string[] {
  const { contract, parameters, lint } = judgement;
  // The line above says which platform it is, unless somebody had to.
  const told = parameters.filter(({ name, origin }) => name !== 'platform' || origin !== 'detected');
  const values = told.map(({ name, value, origin }) => `${name}=${value ?? '?'} (${origin})`);
  return [
    paint('bold', escapeText(subject.label)),
    ...subject.layers.map((line) => `  ${escapeText(line)}`),
    ...(subject.system.length > 0 ? [`  ${escapeText(subject.system.join(', '))}`] : []),
    `  ${paint('dim', escapeText([`contract ${contract.name} ${contract.version}`, ...values].join('   ')))}`,
    ...(lint ? [`  ${paint('dim', describeLint(lint))}`] : []),
  ];
}

/** `lint default   8 rules, 14 more with --lint`. */
function describeLint({ profiles, cost, rules, dearer }: LintSummary): string {
  const option = cost === 'cheap' ? '--lint' : '--deep';
  const more = dearer > 0 ? `, ${dearer} more with ${option}` : '';
  return `lint ${profiles.join(', ')}   ${rules} ${rules === 1 ? 'rule' : 'rules'}${more}`;
}

/** `K3S-SVC-06`, or the first and how many more share the sentence. */
function idText(ids: readonly string[]): string {
  return ids.length > 1 ? `${ids[0]} +${ids.length - 1}` : (ids[0] ?? '');
}

interface EntryLayout {
  /** Of the ids. */
  readonly width: number;
  readonly place: (location: Location) => string;
  readonly explain: boolean;
}

function renderEntry(entry: Entry, { width, place, explain }: EntryLayout, paint: Paint): string[] {
  const label = paint(entry.label, entry.label.padEnd(labelWidth));
  const details = [
    ...entry.evidence.map((one) => [one.role, evidenceText(one, place)] as const),
    ...(entry.more === undefined ? [] : [['', `and ${entry.more} more (--verbose shows all)`] as const]),
    ...(entry.waiver === undefined ? [] : [['waived', entry.waiver] as const]),
    ...(explain && entry.why !== undefined ? [['why', entry.why] as const] : []),
    ...(entry.fix === undefined ? [] : [['fix', entry.fix] as const]),
    ...(entry.basis === undefined ? [] : [['basis', entry.basis] as const]),
    ...(entry.rule === undefined ? [] : [['rule', entry.rule] as const]),
  ];
  const roleWidth = Math.max(6, ...details.map(([role]) => role.length));
  return [
    `${label}${escapeText(idText(entry.ids)).padEnd(width)}  ${escapeText(entry.message)}`,
    ...details.map(([role, text]) => {
      const line = `${' '.repeat(labelWidth)}${escapeText(role).padEnd(roleWidth)}  ${escapeText(text)}`;
      return role === 'rule' ? paint('dim', line) : line;
    }),
  ];
}

function evidenceText({ role, location, excerpt }: Evidence, place: (location: Location) => string): string {
  return excerpt === undefined || role === 'set by' ? place(location) : `${place(location)}  ${excerpt}`;
}

/** The place without the image's name where only one image is shown. */
export function formatPlace(location: Location, label: string, single: boolean): string {
  const text = formatLocation(location);
  if (!single || !text.startsWith(label)) return text;
  const rest = text.slice(label.length);
  return rest.startsWith('!') || rest.startsWith(':/') ? rest.slice(1) : text;
}

const countWords = [
  ['pass', 'pass', 'good'],
  ['fail', 'fail', 'FAIL'],
  ['should', 'should', 'WARN'],
  ['info', 'info', 'INFO'],
  ['unknown', 'unknown', 'UNKNOWN'],
  ['waived', 'waived', 'dim'],
  ['skip', 'not applicable', 'dim'],
] as const;

const bases: readonly Basis[] = ['present', 'derived', 'declared', 'unknown'];

/** How many verdicts on the contract rest on what, where not all of it is in the image as it is. */
function renderBasis({ judgement }: Judged, paint: Paint): string[] {
  const checks = judgement.results.filter(({ origin }) => !origin);
  const counts = bases.map((basis) => ({
    basis,
    count: checks.filter((one) => one.basis === basis).length,
  }));
  const isPlain = counts.every(({ basis, count }) => count === 0 || basis === 'present' || basis === 'unknown');
  const parts = counts.filter(({ count }) => count > 0).map(({ basis, count }) => `${count} ${basis}`);
  return isPlain ? [] : [paint('dim', `rests on  ${parts.join('   ')}`)];
}

function renderCounts(counts: Counts, seconds: number | undefined, paint: Paint): string {
  const parts = countWords.flatMap(([key, words, style]) => {
    const text = `${counts[key]} ${words}`;
    const always = key === 'pass' || key === 'fail';
    return counts[key] > 0 ? [paint(style, text)] : always ? [text] : [];
  });
  return [...parts, ...(seconds === undefined ? [] : [`${seconds.toFixed(2)} s`])].join('   ');
}
