/**
 * A diff for people: what the sides are, a table of counts, then the changes by concern, the gravest first. On a wide terminal
 * both sides stand beside each other.
 */
import type { Change, ChangeClass } from '../../diff/change.ts';
import type { DiffResult } from '../../diff/diff-result.ts';
import { escapeText } from '../escape.ts';
import {
  type ChangeGroup,
  type ConcernGroup,
  describeUnverified,
  describeUpkeep,
  describeVerdicts,
  diffSentence,
  formatSide,
  gravestFirst,
  groupChanges,
  headOf,
  placeOf,
  renameOf,
  titleOf,
} from './change-groups.ts';
import type { DiffRenderOptions, DiffReporter } from './diff-reporter.ts';

const styles: Readonly<Record<ChangeClass | 'dim' | 'bold' | 'unverified', string>> = {
  breaking: '1;31',
  drift: '33',
  intended: '36',
  equivalent: '2',
  noise: '2',
  unverified: '35',
  dim: '2',
  bold: '1',
};

type Paint = (style: keyof typeof styles, text: string) => string;

const labelWidth = 12;
/** Columns from which both sides fit beside each other. */
const wide = 120;
/** Characters of two values that fit into one line with what they are about. */
const short = 80;
/** Entries of one group that are shown without --all. */
const few = 5;

export const textDiff: DiffReporter = {
  render: (result, options) => {
    const paint: Paint = (style, text) => (options.color ? `\u001b[${styles[style]}m${text}\u001b[0m` : text);
    const groups = groupChanges(result, options.all);
    const blocks = [
      renderHead(result, paint),
      renderTable(result, paint),
      ...groups.map((group) => renderConcern(group, result, options, paint)),
      ...(result.unverified.length > 0 ? [renderUnverified(result, paint)] : []),
      ...(result.upkeep.length > 0 ? [renderUpkeep(result, paint)] : []),
      diffSentence(result),
    ];
    return `${blocks.join('\n\n')}\n`;
  },
};

function renderHead(result: DiffResult, paint: Paint): string {
  const lines = (['a', 'b'] as const).flatMap((side) => {
    const { image, system } = result[side];
    const words = system.length > 0 ? `  ${escapeText(system.join(', '))}` : '';
    const verdicts = describeVerdicts(result, side);
    return [
      `${side.toUpperCase()}  ${paint('bold', escapeText(image))}${paint('dim', words)}`,
      ...(verdicts === '' ? [] : [paint('dim', `   ${escapeText(verdicts)}`)]),
    ];
  });
  return lines.join('\n');
}

function renderTable({ counts }: DiffResult, paint: Paint): string {
  const columns = [...gravestFirst];
  const width = Math.max(10, ...counts.map(({ title }) => title.length)) + 2;
  const head = `${''.padEnd(width)}${columns.map((name) => name.padStart(12)).join('')}${'equal'.padStart(9)}`;
  const rows = counts.map(({ title, equal, classes, absent }) => {
    if (absent !== undefined) return `${title.padEnd(width)}  ${paint('dim', `not compared: ${escapeText(absent)}`)}`;
    const cells = columns.map((name) => {
      const text = (classes[name] > 0 ? String(classes[name]) : '-').padStart(12);
      return classes[name] > 0 ? paint(name, text) : paint('dim', text);
    });
    return `${title.padEnd(width)}${cells.join('')}${String(equal).padStart(9)}`;
  });
  return [paint('dim', head), ...rows].join('\n');
}

function renderConcern({ count, groups }: ConcernGroup, result: DiffResult, options: DiffRenderOptions, paint: Paint) {
  const lines = groups.flatMap((group) => renderGroup(group, result, options, paint));
  return [paint('bold', count.title), ...lines].join('\n');
}

function renderGroup(group: ChangeGroup, result: DiffResult, options: DiffRenderOptions, paint: Paint): string[] {
  const { changes, reason } = group;
  const label = paint(group.class, group.class.toUpperCase().padEnd(labelWidth));
  const indent = ' '.repeat(labelWidth);
  const [first] = changes as readonly [Change];
  const explain = (text: string | undefined) =>
    text === undefined ? [] : [paint('dim', `${indent}${escapeText(`${wordOf(first)}  ${text}`)}`)];
  if (changes.length === 1) return [...renderChange(first, label, result, options, paint), ...explain(reason)];
  const shown = options.all ? changes : changes.slice(0, few);
  const { title, why } = headOf(group);
  const more = changes.length - shown.length;
  return [
    `${label}${escapeText(title)}`,
    ...explain(why),
    ...shown.map((change) => `${indent}  ${escapeText(oneLine(change))}`),
    ...(more > 0 ? [paint('dim', `${indent}  and ${more} more (--all shows them)`)] : []),
  ];
}

const wordOf = ({ checks, class: kind }: Change): string =>
  kind === 'breaking' && checks ? `fails ${checks.join(', ')}:` : 'why';

/** `socat: 1.8.0.3 -> 1.8.1`, `only in A: nix 2.24`. */
function oneLine(change: Change): string {
  const { a, b } = change;
  if (a && !b && change.field === undefined) return `only in A: ${change.name}  ${cut(formatSide(a), 60)}`;
  if (b && !a && change.field === undefined) return `only in B: ${change.name}  ${cut(formatSide(b), 60)}`;
  const renamed = renameOf(change);
  if (renamed) return renamed.title;
  return `${titleOf(change)}: ${cut(formatSide(a), 60)} -> ${cut(formatSide(b), 60)}`;
}

function renderChange(
  change: Change,
  label: string,
  result: DiffResult,
  { width = 0 }: DiffRenderOptions,
  paint: Paint,
): string[] {
  const indent = ' '.repeat(labelWidth);
  const { a, b, field } = change;
  const renamed = renameOf(change);
  const { lines = [] } = renamed ?? change;
  const isWhole = field === undefined && !(a && b);
  const only = isWhole ? `only in ${a ? 'A' : 'B'}: ` : '';
  const head = `${label}${only}${escapeText(titleOf(change))}`;
  const places = { a: shownPlace(change, 'a', result), b: shownPlace(change, 'b', result) };
  const detail = lines.map((line) => `${indent}  ${escapeText(line)}`);
  if (renamed) return [`${label}${escapeText(renamed.title)}`, ...detail];
  const texts = { a: escapeText(formatSide(a)), b: escapeText(formatSide(b)) };
  const hasPlace = places.a !== undefined || places.b !== undefined;
  if (isWhole) {
    const [text, place] = a ? [texts.a, places.a] : [texts.b, places.b];
    return [`${head}  ${text}${place === undefined ? '' : paint('dim', `  ${escapeText(place)}`)}`, ...detail];
  }
  if (!hasPlace && texts.a.length + texts.b.length < short) return [`${head}: ${texts.a} -> ${texts.b}`, ...detail];
  const column = Math.floor((width - labelWidth - 10) / 2);
  if (width >= wide && Math.max(texts.a.length, texts.b.length) <= column) {
    const row = (labels: readonly [string, string], left: string, right: string): string =>
      `${indent}${labels[0].padEnd(3)}${left.padEnd(column)}    ${labels[1].padEnd(3)}${right}`.trimEnd();
    const below = [places.a, places.b].map((place) => cut(escapeText(place ?? ''), column)) as [string, string];
    const placed = hasPlace ? [paint('dim', row(['', ''], ...below))] : [];
    return [head, row(['A', 'B'], texts.a, texts.b), ...placed, ...detail];
  }
  const sides = (['a', 'b'] as const).map((side) => {
    const place = places[side] === undefined ? '' : paint('dim', `  ${escapeText(places[side])}`);
    return `${indent}${side.toUpperCase()}  ${texts[side]}${place}`;
  });
  return [head, ...sides, ...detail];
}

/** A file is where its name says. */
function shownPlace(change: Change, side: 'a' | 'b', result: DiffResult): string | undefined {
  return change.concern === 'files' ? undefined : placeOf(change[side], result[side].image);
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, Math.max(0, length - 3))}...`;
}

function renderUpkeep({ upkeep }: DiffResult, paint: Paint): string {
  const lines = upkeep.map((one) => `${' '.repeat(labelWidth)}${escapeText(describeUpkeep(one))}`);
  return [paint('drift', 'waivers'), ...lines].join('\n');
}

function renderUnverified(result: DiffResult, paint: Paint): string {
  const lines = new Set(result.unverified.map((one) => describeUnverified(one, result)));
  return [
    paint('unverified', 'could not be told'),
    ...[...lines].map((line) => `${' '.repeat(labelWidth)}${escapeText(line)}`),
  ].join('\n');
}
