/** Every report, over texts an image may contain: it parses, nothing is forged, no control character gets out. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reporters } from '../../src/report/registry.ts';
import { anyText, hostileRun, hostileTexts } from './hostile-result.ts';
import { shapeOf } from './report-shapes.ts';

const formats = Object.keys(reporters);

describe.each(formats)('the report %s', async (format) => {
  const reporter = await reporters[format]?.load();
  const render = (text: string): string => reporter?.render(hostileRun(text), { color: false, verbose: true }) ?? '';
  const plain = shapeOf(format, render('plain'));

  it('has the same shape whatever the image calls its things', () => {
    for (const text of hostileTexts) expect(shapeOf(format, render(text)), JSON.stringify(text)).toEqual(plain);
  });

  it('has the same shape for any text', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(shapeOf(format, render(text))).toEqual(plain);
      }),
      { seed: 8, numRuns: 150 },
    );
  });

  it('lets no control or invisible character out', () => {
    for (const text of hostileTexts)
      expect(render(text)).not.toMatch(/[^\n\P{Cc}]|[\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Noncharacter_Code_Point}]/u);
  });

  it('is the same for the same result', () => {
    for (const text of hostileTexts) expect(render(text)).toBe(render(text));
  });
});
