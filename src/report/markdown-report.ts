/**
 * A summary in Markdown (GitHub's and GitLab's dialect) for job pages and merge requests: counts of all images in a table,
 * then what is wrong with each. Text of an image makes no markup, no mention, no reference and no link.
 */
import type { CheckResult } from '../checks/check.ts';
import type { Counts, ImageResult, RunResult } from '../checks/result.ts';
import { severityOf } from '../checks/result.ts';
import { escapeText } from './escape.ts';
import { detailsOf, type Group, groupsOf, type Standing, sentenceOf, standingOf, verdictSentence } from './findings.ts';
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
    return `${[`## ${verdictSentence(run.exitCode)}`, renderTable(run), ...sections].join('\n\n')}\n`;
  },
};

function renderTable({ images }: RunResult): string {
  return [
    `| image | ${columns.map(([, title]) => title).join(' | ')} |`,
    `| --- |${' ---: |'.repeat(columns.length)}`,
    ...images.map(renderRow),
  ].join('\n');
}

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

/** What makes markup inside a line as numbers (no text begins a line); an empty comment parts what would become a mention, reference or link. */
function escapeMarkdown(text: string): string {
  return escapeText(text)
    .replace(/[\\`*_{}[\]#!|<>~@&$^]/g, (character) => `&#${character.charCodeAt(0)};`)
    .replace(/&#(?:33|35|64);|:(?=\/\/)|(?<=\bwww)\./gi, '$&<!-- -->');
}
