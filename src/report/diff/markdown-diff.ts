/**
 * A diff in Markdown (GitHub's and GitLab's dialect) for a merge request: a table of counts, then the changes by concern, those
 * that a list explains folded away. Text of an image makes no markup.
 */
import { type Change, changeClasses } from '../../diff/change.ts';
import type { DiffResult } from '../../diff/diff-result.ts';
import { escapeText } from '../escape.ts';
import { escapeMarkdown } from '../markdown/escape-markdown.ts';
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
  renameOf,
  titleOf,
} from './change-groups.ts';
import type { DiffReporter } from './diff-reporter.ts';

/** Entries of one group that are shown without --all. */
const few = 10;

export const markdownDiff: DiffReporter = {
  render: (result, { all }) => {
    const concerns = groupChanges(result, all).map((group) => renderConcern(group, all));
    const parts = [
      `## ${diffSentence(result)}`,
      (['a', 'b'] as const).map((side) => describeSide(result, side)).join('\n'),
      renderTable(result),
      ...concerns,
      ...renderUnverified(result),
      ...renderUpkeep(result),
    ];
    return `${parts.join('\n\n')}\n`;
  },
};

function describeSide(result: DiffResult, side: 'a' | 'b'): string {
  const { image, system } = result[side];
  const words = [...system, describeVerdicts(result, side)].filter((text) => text !== '');
  return `- **${side.toUpperCase()}** ${[image, ...words].map(escapeMarkdown).join(', ')}`;
}

function renderTable({ counts }: DiffResult): string {
  const rows = counts.map(({ title, equal, classes, absent }) => {
    if (absent !== undefined)
      return `| ${title} | not compared: ${escapeMarkdown(absent)} |${' |'.repeat(changeClasses.length)}`;
    return `| ${title} | ${gravestFirst.map((name) => classes[name] || '').join(' | ')} | ${equal} |`;
  });
  return [
    `| concern | ${gravestFirst.join(' | ')} | equal |`,
    `| --- |${' ---: |'.repeat(changeClasses.length + 1)}`,
    ...rows,
  ].join('\n');
}

function renderConcern({ count, groups }: ConcernGroup, all: boolean): string {
  return [`### ${count.title}`, groups.map((group) => renderGroup(group, all)).join('\n')].join('\n\n');
}

function renderGroup(group: ChangeGroup, all: boolean): string {
  const { changes, class: kind, reason } = group;
  const [first] = changes as readonly [Change];
  const explain = (text: string | undefined) =>
    text === undefined ? [] : [`  - ${wordOf(first)}${escapeMarkdown(text)}`];
  if (changes.length === 1)
    return [
      `- **${kind}** ${oneLine(first)}`,
      ...explain(reason),
      ...renderLines((renameOf(first) ?? first).lines),
    ].join('\n');
  const { title, why } = headOf(group);
  const shown = all ? changes : changes.slice(0, few);
  const more = changes.length - shown.length;
  return [
    `- **${kind}** ${escapeMarkdown(title)}`,
    ...explain(why),
    ...shown.map((change) => `  - ${oneLine(change)}`),
    ...(more > 0 ? [`  - and ${more} more`] : []),
  ].join('\n');
}

/** A block that no line of its content can close: its fence is longer than any run of backticks in it. */
function renderLines(lines: readonly string[] = []): readonly string[] {
  if (lines.length === 0) return [];
  const isDiff = lines[0]?.startsWith('@@') ?? false;
  if (!isDiff && lines.length <= few) return lines.map((line) => `  - ${escapeMarkdown(line)}`);
  const shown = lines.map(escapeText);
  const longest = Math.max(2, ...shown.flatMap((line) => [...line.matchAll(/`+/g)].map(([run]) => run.length)));
  const fence = '`'.repeat(longest + 1);
  return ['', `  ${fence}${isDiff ? 'diff' : 'text'}`, ...shown.map((line) => `  ${line}`), `  ${fence}`];
}

function wordOf({ class: kind, checks }: Change): string {
  return kind === 'breaking' && checks ? `fails ${escapeMarkdown(checks.join(', '))}: ` : 'why: ';
}

function oneLine(change: Change): string {
  const { a, b, field } = change;
  const renamed = renameOf(change);
  if (renamed) return escapeMarkdown(renamed.title);
  const title = escapeMarkdown(titleOf(change));
  if (field === undefined && !(a && b))
    return `${title}: only in ${a ? 'A' : 'B'}, ${escapeMarkdown(formatSide(a ?? b))}`;
  return `${title}: ${escapeMarkdown(formatSide(a))} → ${escapeMarkdown(formatSide(b))}`;
}

function renderUpkeep({ upkeep }: DiffResult): readonly string[] {
  if (upkeep.length === 0) return [];
  return [['### waivers', upkeep.map((one) => `- ${escapeMarkdown(describeUpkeep(one))}`).join('\n')].join('\n\n')];
}

function renderUnverified(result: DiffResult): readonly string[] {
  if (result.unverified.length === 0) return [];
  const lines = new Set(result.unverified.map((one) => `- ${escapeMarkdown(describeUnverified(one, result))}`));
  return [['### could not be told', [...lines].join('\n')].join('\n\n')];
}
