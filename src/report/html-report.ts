/** One HTML page: a matrix of several images, then each image with its checks. */
import { groupsOf, verdictSentence } from './findings.ts';
import { renderGroup } from './html/image-section.ts';
import { renderMatrix } from './html/matrix-table.ts';
import { renderPage } from './html/page.ts';
import { type Kind, kindOf, kinds } from './kinds.ts';
import type { Reporter } from './reporter.ts';

const tones: Readonly<Record<number, Kind>> = { 0: 'pass', 1: 'fail' };

export const htmlReporter: Reporter = {
  render: (run) => {
    const groups = groupsOf(run);
    const all = groups.flatMap(({ results }) => results);
    const verdict = verdictSentence(run.exitCode);
    return renderPage({
      title: `${verdict}: ${groups.map(({ label }) => label).join(', ')}`,
      verdict,
      tone: tones[run.exitCode] ?? 'unverified',
      notes: [`${run.tool.name} ${run.tool.version}`],
      things: 'checks',
      filters: kinds.map(([kind, title, isHidden = false]) => {
        const count = all.filter((result) => kindOf(result) === kind).length;
        return { kind, title, count, isHidden };
      }),
      content: `${renderMatrix(run)}${groups.map((group, i) => renderGroup(group, run, i)).join('')}`,
    });
  },
};
