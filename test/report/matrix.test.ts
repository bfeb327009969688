import { describe, expect, it } from 'vitest';
import type { CheckResult } from '../../src/checks/check.ts';
import { countResults, type ImageResult, type RunResult } from '../../src/checks/result.ts';
import { fail, inconclusive, pass, skip } from '../../src/checks/verdict.ts';
import { htmlReporter } from '../../src/report/html-report.ts';
import { markdownReporter } from '../../src/report/markdown-report.ts';
import { makeMatrix } from '../../src/report/matrix.ts';
import { renderMatrix } from '../../src/report/text-matrix.ts';
import { textReporter } from '../../src/report/text-report.ts';
import { judged, run, unreadable } from './sample-result.ts';

const check = (id: string, verdict: CheckResult['verdict'], more: Partial<CheckResult> = {}): CheckResult => ({
  id,
  title: `title of ${id}`,
  severity: 'must',
  references: [],
  verdict,
  ...more,
});

const image = (label: string, ...results: readonly CheckResult[]): ImageResult => ({
  ...judged,
  subject: { ...judged.subject, label },
  judgement: { ...judged.judgement, results },
  counts: countResults(results),
});

const waiver = { by: 'waiver', reason: 'agreed', location: { source: 'w.yaml', line: 2 } } as const;
const images = [
  image('a.wic', check('A-1', pass()), check('A-2', fail('bad')), check('A-3', skip('no'))),
  unreadable,
  image(
    'b.wic',
    check('A-1', pass()),
    check('A-2', fail('bad'), { waiver }),
    check('A-3', inconclusive('damaged')),
    check('x/y', fail('one', { severity: 'should' })),
    check('x/y', fail('two', { severity: 'info' })),
  ),
];
const several: RunResult = run(...images);

describe('the matrix of several images', () => {
  it('has the checks that have something to say, by images', () => {
    const matrix = makeMatrix(several);
    expect(matrix?.images.map(({ label, verdict }) => [label, verdict])).toEqual([
      ['a.wic', 'fails'],
      ['cut.wic', 'no verdict'],
      ['b.wic', 'no verdict'],
    ]);
    expect(matrix?.rows.map(({ id, cells }) => [id, ...cells])).toEqual([
      ['A-2', 'fail', undefined, 'waived'],
      ['A-3', 'skip', undefined, 'unverified'],
      ['x/y', undefined, undefined, 'should'],
    ]);
  });

  it('is not there for one image, or where none could be opened', () => {
    expect(makeMatrix(run(judged))).toBeUndefined();
    expect(makeMatrix(run(unreadable, unreadable))).toBeUndefined();
  });

  it('ends the text report', () => {
    expect(textReporter.render(several, { color: false })).toContain(`
1  a.wic    fails       1 pass   1 fail
2  cut.wic  no verdict
3  b.wic    no verdict  1 pass   0 fail   1 should   1 unknown   1 waived

     1 2 3
A-2  F - w  title of A-2
A-3  - - ?  title of A-3
x/y  - - W  title of x/y

F fails   W should not be so   ? cannot tell   w waived   - not judged
`);
  });

  it('goes on below where there are many images', () => {
    const many = Array.from({ length: 90 }, (_, i) => image(`${i}.wic`, check('A-2', i % 2 ? fail('bad') : pass())));
    const matrix = makeMatrix(run(...many));
    const text = matrix ? renderMatrix(matrix, (_, shown) => shown) : '';
    const [, ...tables] = text.split('\n\n');
    expect(tables).toHaveLength(4);
    expect(tables[2]).toMatch(/^ +81 82 83 84 85 86 87 88 89 90\nA-2 {3}\. {2}F {2}\./);
  });

  it('is a table in Markdown and on the page, with links to the images', () => {
    expect(markdownReporter.render(several, { color: false })).toContain(
      '| check | a.wic | cut.wic | b.wic |\n| --- | :---: | :---: | :---: |\n| A-2 | **FAIL** |  | WAIVED |\n',
    );
    const page = htmlReporter.render(several, { color: false });
    expect(page).toContain('<th scope="col"><a href="#group-3">b.wic</a></th>');
    expect(page).toContain('<section id="group-3">\n<h2>b.wic</h2>');
    expect(page).toContain('<td class="fail">fail</td><td></td><td class="waived">waived</td>');
  });
});
