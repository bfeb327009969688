import { describe, expect, it } from 'vitest';
import type { CheckResult, Verdict } from '../../src/checks/check.ts';
import { countResults, exitCodeOf, type ImageResult, worstExitCode } from '../../src/checks/result.ts';
import { fail, inconclusive, joinVerdicts, pass, skip, undecidable } from '../../src/checks/verdict.ts';

const result = (verdict: Verdict, severity: CheckResult['severity'] = 'must'): CheckResult => ({
  id: 'X',
  title: 'x',
  severity,
  references: [],
  verdict,
});

const image = (...results: CheckResult[]): ImageResult => ({
  state: 'judged',
  subject: { label: 'x', layers: [], system: [] },
  judgement: { contract: { name: 'c', version: '1', title: 'c' }, parameters: [], results },
  counts: countResults(results),
  diagnostics: [],
});

const normal = { failOn: 'must', strict: false } as const;
const good = result(pass());
const bad = result(fail('bad'));
const waived: CheckResult = {
  ...bad,
  waiver: { by: 'waiver', reason: 'known', location: { source: 'w.yaml', line: 1 } },
};
const unread = result(inconclusive('damaged'));

describe('the exit code of an image', () => {
  it.each([
    ['clean', image(good), 0],
    ['a failure', image(good, bad), 1],
    ['a failure wins over could-not-verify', image(bad, unread), 1],
    ['could-not-verify wins over clean', image(good, unread), 3],
    ['a should is no failure', image(good, result(fail('so-so'), 'should')), 0],
    ['a failure the contract grades down', image(good, result(fail('so-so', { severity: 'should' }))), 0],
    ['a should that could not be verified', image(good, result(inconclusive('damaged'), 'should')), 0],
    ['what nobody can tell does not count', image(good, result(undecidable('running'))), 0],
    ['nothing judged is never clean', image(result(skip('n/a')), result(undecidable('running'))), 3],
    ['no result at all', image(), 3],
    ['a waived failure', image(good, waived), 0],
    ['a waived failure waives no other', image(waived, bad), 1],
    ['a waived failure verifies nothing else', image(waived, unread), 3],
  ])('%s', (_, one, code) => {
    expect(exitCodeOf(one, normal)).toBe(code);
  });

  it('is never clean for an image that is not the one that was built', () => {
    const other = { level: 'damage', code: 'bmap/size', message: 'x', touches: 'everything' } as const;
    expect(exitCodeOf({ ...image(good), diagnostics: [other] } as ImageResult, normal)).toBe(3);
    expect(exitCodeOf({ ...image(bad), diagnostics: [other] } as ImageResult, normal)).toBe(1);
    expect(exitCodeOf({ ...image(good), diagnostics: [{ ...other, level: 'note' }] } as ImageResult, normal)).toBe(0);
  });

  it('is stricter when asked', () => {
    const soft = image(good, result(fail('so-so'), 'should'));
    expect(exitCodeOf(soft, { failOn: 'should', strict: false })).toBe(1);
    expect(exitCodeOf(soft, { failOn: 'must', strict: true })).toBe(1);
    expect(exitCodeOf(image(good, result(inconclusive('x'), 'info')), { failOn: 'must', strict: true })).toBe(3);
  });

  it('of several images is the worst: a failure before no verdict', () => {
    expect(worstExitCode([0, 3, 1])).toBe(1);
    expect(worstExitCode([0, 3])).toBe(3);
    expect(worstExitCode([1, 70])).toBe(70);
  });
});

describe('a check of several parts', () => {
  it('fails if one part does, even where another could not be read', () => {
    expect(joinVerdicts([pass(), fail('bad'), inconclusive('damaged')], 'must')).toMatchObject({ status: 'fail' });
  });

  it('cannot tell if a part could not be read and the failure weighs less than the check', () => {
    const parts = [fail('so-so', { severity: 'should' }), inconclusive('damaged')];
    expect(joinVerdicts(parts, 'must')).toMatchObject({ status: 'unknown' });
  });

  it('says once what several parts say', () => {
    expect(joinVerdicts([fail('none'), fail('bad'), fail('none')], 'must')).toMatchObject({ message: 'none; bad' });
  });

  it('is skipped only if no part applied', () => {
    expect(joinVerdicts([skip('n/a'), pass('noted')], 'must')).toEqual({ status: 'pass', note: 'noted' });
    expect(joinVerdicts([skip('n/a')], 'must')).toEqual({ status: 'skip', reason: 'n/a' });
  });
});
