/** The matrix as a table: a line an image with a link to its section, then a line a check. */
import type { RunResult } from '../../checks/result.ts';
import { kinds } from '../kinds.ts';
import { makeMatrix } from '../matrix.ts';
import { escapeHtml } from './escape-html.ts';

const classes = { holds: 'holds', fails: 'fails', 'no verdict': 'open' } as const;

/** Empty for a single image. */
export function renderMatrix(run: RunResult): string {
  const matrix = makeMatrix(run);
  if (!matrix) return '';
  const { images, rows } = matrix;
  const names = images.map(({ label }, i) => `<th scope="col"><a href="#group-${i + 1}">${escapeHtml(label)}</a></th>`);
  const verdicts = images.map(({ verdict }) => `<td class="${classes[verdict]}">${verdict}</td>`);
  const lines = rows.map(({ id, title, cells }) => {
    const marks = cells.map((kind) => {
      const word = kinds.find(([one]) => one === kind)?.[1] ?? '';
      return kind ? `<td class="${kind}">${word.toLowerCase()}</td>` : '<td></td>';
    });
    return `<tr><th scope="row" title="${escapeHtml(title)}">${escapeHtml(id)}</th>${marks.join('')}</tr>\n`;
  });
  return (
    `<section>\n<h2>${images.length} images</h2>\n<div class="matrix" role="region" aria-label="images" tabindex="0"><table>\n` +
    `<tr><th></th>${names.join('')}</tr>\n<tr><th scope="row">verdict</th>${verdicts.join('')}</tr>\n` +
    `${lines.join('')}</table></div>\n</section>\n`
  );
}
