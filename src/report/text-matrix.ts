/** The matrix for people: a numbered list of the images, then a line a check with one letter an image. */
import { escapeText } from './escape.ts';
import type { Kind } from './kinds.ts';
import type { Matrix, MatrixImage } from './matrix.ts';
import type { Paint } from './text-styles.ts';

const letters: Readonly<Record<Kind, readonly [letter: string, style: Parameters<Paint>[0], meaning: string]>> = {
  fail: ['F', 'FAIL', 'fails'],
  should: ['W', 'WARN', 'should not be so'],
  info: ['I', 'INFO', 'worth knowing'],
  unverified: ['?', 'UNKNOWN', 'cannot tell'],
  waived: ['w', 'WAIVED', 'waived'],
  undecidable: ['-', 'dim', ''],
  pass: ['.', 'PASS', 'passes'],
  skip: ['-', 'dim', 'not judged'],
};

const styles = { holds: 'good', fails: 'FAIL', 'no verdict': 'UNKNOWN' } as const;
/** Images side by side; more of them follow below. */
const MAX_COLUMNS = 40;

export function renderMatrix({ images, rows }: Matrix, paint: Paint): string {
  const numberWidth = String(images.length).length;
  const labelWidth = Math.max(...images.map(({ label }) => escapeText(label).length));
  const list = images.map((image, i) => {
    const head = `${String(i + 1).padStart(numberWidth)}  ${escapeText(image.label).padEnd(labelWidth)}`;
    return `${head}  ${paint(styles[image.verdict], image.verdict.padEnd(10))}${describeCounts(image)}`.trimEnd();
  });
  if (rows.length === 0) return list.join('\n');
  const used = new Set(rows.flatMap(({ cells }) => cells.map((cell) => letters[cell ?? 'skip'])));
  const legend = Object.values(letters).flatMap(([letter, , meaning]) =>
    meaning !== '' && [...used].some(([one]) => one === letter) ? [`${letter} ${meaning}`] : [],
  );
  const idWidth = Math.max(...rows.map(({ id }) => escapeText(id).length));
  const tables = Array.from({ length: Math.ceil(images.length / MAX_COLUMNS) }, (_, i) => {
    const [from, to] = [i * MAX_COLUMNS, Math.min((i + 1) * MAX_COLUMNS, images.length)];
    const numbers = Array.from({ length: to - from }, (_, k) => String(from + k + 1).padStart(numberWidth + 1));
    return [
      `${' '.repeat(idWidth)} ${numbers.join('')}`,
      ...rows.map(({ id, title, cells }) => {
        const shown = cells.slice(from, to).map((cell) => {
          const [letter, style] = letters[cell ?? 'skip'];
          return `${' '.repeat(numberWidth)}${paint(style, letter)}`;
        });
        return `${escapeText(id).padEnd(idWidth)} ${shown.join('')}  ${escapeText(title)}`;
      }),
    ].join('\n');
  });
  return [list.join('\n'), ...tables, paint('dim', legend.join('   '))].join('\n\n');
}

function describeCounts({ counts }: MatrixImage): string {
  if (!counts) return '';
  const { pass, fail, should, unknown, waived } = counts;
  const more = [
    ...(should > 0 ? [`${should} should`] : []),
    ...(unknown > 0 ? [`${unknown} unknown`] : []),
    ...(waived > 0 ? [`${waived} waived`] : []),
  ];
  return `  ${[`${pass} pass`, `${fail} fail`, ...more].join('   ')}`;
}
