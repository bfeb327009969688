import { describe, expect, it } from 'vitest';
import type { CheckResult, Verdict } from '../../../src/checks/check.ts';
import { ContractError } from '../../../src/checks/contract-error.ts';
import { countResults, type ImageResult } from '../../../src/checks/result.ts';
import { fail, inconclusive, pass, skip } from '../../../src/checks/verdict.ts';
import {
  applyBaseline,
  type BaselineEntry,
  findBaselineUpkeep,
  findingsOf,
  fixedEntries,
  parseBaseline,
  shrinkBaseline,
} from '../../../src/checks/waivers/baseline.ts';
import { formatJson } from '../../../src/report/escape.ts';

const result = (verdict: Verdict, id = 'A-1'): CheckResult => ({
  id,
  title: 'x',
  severity: 'must',
  references: [],
  verdict,
});

const image = (label: string, ...results: readonly CheckResult[]): ImageResult => ({
  state: 'judged',
  subject: { label, layers: [], system: [] },
  judgement: { contract: { name: 'c', version: '1', title: 'c' }, parameters: [], results },
  counts: countResults(results),
  diagnostics: [],
});

const unreadable = (label: string): ImageResult => ({
  state: 'unreadable',
  subject: { label, layers: [], system: [] },
  error: { code: 'x/y', message: 'cut' },
});

const written = (...images: readonly ImageResult[]): string =>
  formatJson({ schema: 'check-image/baseline-1', findings: findingsOf(images) });
const baseline = (...images: readonly ImageResult[]): readonly BaselineEntry[] =>
  parseBaseline(written(...images), 'b.json');

const old = result(fail('old'));

describe('a baseline', () => {
  it('reads what it wrote, each finding at its line', () => {
    const entries = baseline(image('node-1.wic', result(fail('b\u001b'), 'B-1'), old, result(pass(), 'C-1')));
    expect(entries.map(({ rule, image: name, message, location }) => [rule, name, message, location.line])).toEqual([
      ['A-1', 'node-#.wic', 'old', 5],
      ['B-1', 'node-#.wic', 'b\u001b', 11],
    ]);
  });

  it('covers what it knows in the next build, and nothing new', () => {
    const results = [old, result(fail('new')), result(fail('old'), 'A-2'), result(inconclusive('damaged'))];
    const after = applyBaseline('node-2.wic', results, baseline(image('node-1.wic', old)));
    expect(after.map(({ waiver }) => waiver?.by)).toEqual(['baseline', undefined, undefined, undefined]);
    expect(after[0]?.waiver).toEqual({
      by: 'baseline',
      reason: 'known to the baseline',
      location: { source: 'b.json', line: 5 },
    });
  });

  it('leaves a waiver in its place', () => {
    const waiver = { by: 'waiver', reason: 'r', location: { source: 'w.yaml' } } as const;
    const waived: CheckResult = { ...old, waiver };
    expect(applyBaseline('node.wic', [waived], baseline(image('node.wic', old)))).toEqual([waived]);
    expect(findingsOf([image('node.wic', waived)])).toEqual([]);
  });

  it.each<[string, readonly ImageResult[], number]>([
    ['still fails', [image('node-2.wic', old)], 0],
    ['passes', [image('node-2.wic', result(pass()))], 1],
    ['fails in another way', [image('node-2.wic', result(fail('new')))], 1],
    ['could not be verified', [image('node-2.wic', result(inconclusive('damaged')))], 0],
    ['was left out', [image('node-2.wic', result(skip('left out')))], 0],
    ['was not judged', [image('node-2.wic', result(pass(), 'A-2'))], 0],
    ['passes in an image of another kind', [image('edge.wic', result(pass()))], 0],
    ['passes in one of two images', [image('node-2.wic', result(pass())), image('node-3.wic', old)], 0],
    ['passes, and one image was unreadable', [image('node-2.wic', result(pass())), unreadable('node-3.wic')], 0],
  ])('has an entry too many if it %s: %#', (_, images, fixed) => {
    expect(fixedEntries(baseline(image('node-1.wic', old)), images)).toHaveLength(fixed);
  });

  it('shrinks and says so, and never grows', () => {
    const entries = baseline(image('node.wic', old, result(fail('x'), 'A-2')));
    const images = [image('node.wic', result(pass()), result(fail('x'), 'A-2'), result(fail('new'), 'A-3'))];
    const fixed = fixedEntries(entries, images);
    expect(shrinkBaseline(entries, fixed).map(({ rule }) => rule)).toEqual(['A-2']);
    expect(findBaselineUpkeep(fixed)[0]).toMatchObject({
      id: 'baseline/fixed',
      severity: 'info',
      verdict: { message: '1 failure of the baseline is no longer there', evidence: [{ excerpt: 'A-1' }] },
    });
    expect(findBaselineUpkeep([])).toEqual([]);
  });

  it.each([
    ['{', 'b.json: the baseline is no JSON'],
    ['[]', 'b.json: the baseline must be object'],
    ['{"schema":"check-image/baseline-1","findings":[{"fingerprint":"x"}]}', 'b.json: /findings/0 must have required'],
  ])('refuses %s', (text, problem) => {
    expect(() => parseBaseline(text, 'b.json')).toThrow(ContractError);
    expect(() => parseBaseline(text, 'b.json')).toThrow(problem);
  });
});
