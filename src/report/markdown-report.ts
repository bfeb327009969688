/**
 * A summary in Markdown (GitHub's and GitLab's dialect) for job pages and merge requests: counts of all images in a table,
 * then what is wrong with each. Text of an image makes no markup, no mention, no reference and no link.
 */
import type { CheckResult } from '../checks/check.ts';
import type { Counts, ImageResult, RunResult } from '../checks/result.ts';
import { severityOf } from '../checks/result.ts';
import { detailsOf, type Group, groupsOf, type Standing, sentenceOf, standingOf, verdictSentence } from './findings.ts';
import type { Kind } from './kinds.ts';
import { escapeMarkdown } from './markdown/escape-markdown.ts';
import { type Matrix, makeMatrix } from './matrix.ts';
import type { Reporter } from './reporter.ts';

const columns: readonly (readonly [keyof Counts, string])[] = [
  ['pass', 'pass'],
  ['fail', 'fail'],
  ['should', 'should'],
  ['info', 'info'],
  ['unknown', 'unknown'],
  ['waived', 'waived'],
  ['skip', 'not applicable'],
];

const listed: readonly Standing[] = ['fail', 'unverified', 'waived'];
const words = { must: 'FAIL', should: 'WARN', info: 'INFO' } as const;

export const markdownReporter: Reporter = {
  render: (run) => {
    const sections = groupsOf(run).flatMap(renderGroup);
    const matrix = makeMatrix(run);
    const tables = [renderTable(run), ...(matrix ? renderChecks(matrix) : [])];
    return `${[`## ${verdictSentence(run.exitCode)}`, ...tables, ...sections].join('\n\n')}\n`;
  },
};

function renderTable({ images }: RunResult): string {
  return [
    `| image | ${columns.map(([, title]) => title).join(' | ')} |`,
    `| --- |${' ---: |'.repeat(columns.length)}`,
    ...images.map(renderRow),
  ].join('\n');
}

/** Checks by images, some images at a time: wider tables are not read. */
function renderChecks({ images, rows }: Matrix): readonly string[] {
  if (rows.length === 0) return [];
  return Array.from({ length: Math.ceil(images.length / MAX_COLUMNS) }, (_, i) => {
    const [from, to] = [i * MAX_COLUMNS, (i + 1) * MAX_COLUMNS];
    const shown = images.slice(from, to);
    return [
      `| check | ${shown.map(({ label }) => escapeMarkdown(label)).join(' | ')} |`,
      `| --- |${' :---: |'.repeat(shown.length)}`,
      ...rows.map(({ id, cells }) => {
        const standings = cells.slice(from, to).map((kind) => (kind ? (cellWords[kind] ?? '') : ''));
        return `| ${escapeMarkdown(id)} | ${standings.join(' | ')} |`;
      }),
    ].join('\n');
  });
}

const MAX_COLUMNS = 12;

const cellWords: Readonly<Partial<Record<Kind, string>>> = {
  fail: '**FAIL**',
  should: '**WARN**',
  info: 'INFO',
  unverified: '**UNKNOWN**',
  undecidable: 'UNKNOWN',
  waived: 'WAIVED',
  pass: 'pass',
};

function renderRow(image: ImageResult): string {
  const label = escapeMarkdown(image.subject.label);
  if (image.state === 'unreadable') return `| ${label} | no verdict |${' |'.repeat(columns.length - 1)}`;
  return `| ${label} | ${columns.map(([key]) => image.counts[key]).join(' | ')} |`;
}

function renderGroup({ label, results }: Group): readonly string[] {
  const findings = listed.flatMap((standing) => results.filter((result) => standingOf(result) === standing));
  if (findings.length === 0) return [];
  return [`### ${escapeMarkdown(label)}`, findings.map(renderFinding).join('\n')];
}

function renderFinding(result: CheckResult): string {
  const standing = standingOf(result);
  const word = standing === 'fail' ? words[severityOf(result)] : standing === 'waived' ? 'WAIVED' : 'UNKNOWN';
  const details = detailsOf(result).map(([title, text]) => `  - ${escapeMarkdown(title)}: ${escapeMarkdown(text)}`);
  return [`- **${word}** ${escapeMarkdown(result.id)}: ${escapeMarkdown(sentenceOf(result))}`, ...details].join('\n');
}
