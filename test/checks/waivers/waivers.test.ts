import { describe, expect, it } from 'vitest';
import type { CheckResult, Evidence, Verdict } from '../../../src/checks/check.ts';
import { countResults, type ImageResult } from '../../../src/checks/result.ts';
import { at, fail, inconclusive, pass } from '../../../src/checks/verdict.ts';
import { applyWaivers } from '../../../src/checks/waivers/apply-waivers.ts';
import { matchesPath } from '../../../src/checks/waivers/path-pattern.ts';
import type { WaiverRule } from '../../../src/checks/waivers/waiver-rule.ts';
import { findWaiverUpkeep } from '../../../src/checks/waivers/waiver-upkeep.ts';

const today = '2026-11-30';

const waiver = (some: Partial<WaiverRule> = {}): WaiverRule => ({
  rule: 'A-1',
  reason: 'why',
  owner: 'me',
  expires: '2030-01-31',
  location: { source: 'w.yaml', line: 2 },
  ...some,
});

const result = (verdict: Verdict, id = 'A-1'): CheckResult => ({
  id,
  title: 'x',
  severity: 'must',
  references: [],
  verdict,
});
const place = (path: string, role = 'at'): Evidence => at({ source: 'node.wic!p2', path, line: 1 }, role);
const failAt = (...evidence: readonly Evidence[]): CheckResult => result(fail('bad', { evidence }));

const image = (...results: readonly CheckResult[]): ImageResult => ({
  state: 'judged',
  subject: { label: 'node.wic', layers: [], system: [] },
  judgement: { contract: { name: 'c', version: '1', title: 'c' }, parameters: [], results },
  counts: countResults(results),
  diagnostics: [],
});

function isWaived(one: WaiverRule, failure: CheckResult): boolean {
  const judged = {
    label: 'node.wic',
    belongsTo: ({ path }: { path?: string }, name: string) => path === `/opt/${name}`,
  };
  const [after] = applyWaivers([failure], [one], judged, today);
  return after?.waiver !== undefined;
}

describe('a waiver', () => {
  const inEtc = failAt(place('/etc/a.conf'));

  it.each<[string, Partial<WaiverRule>, CheckResult, boolean]>([
    ['of the check', {}, inEtc, true],
    ['of checks by their beginning', { rule: 'A-*' }, inEtc, true],
    ['of another check', { rule: 'A-11' }, inEtc, false],
    ['on its last day', { expires: today }, inEtc, true],
    ['a day late', { expires: '2026-11-29' }, inEtc, false],
    ['of the path', { path: ['/etc/*.conf'] }, inEtc, true],
    ['of another path', { path: ['/usr/**'] }, inEtc, false],
    ['of one of two paths', { path: ['/etc/*.conf'] }, failAt(place('/etc/a.conf'), place('/opt/a')), false],
    ['of both paths', { path: ['/etc/*', '/opt/*'] }, failAt(place('/etc/a.conf'), place('/opt/a')), true],
    [
      'where the other place decides nothing',
      { path: ['/etc/*'] },
      failAt(place('/etc/a'), place('/usr/a', 'beats')),
      true,
    ],
    ['of a path, for a failure without one', { path: ['/**'] }, result(fail('bad')), false],
    [
      'of the unit, by its drop-in',
      { unit: ['a.service'] },
      failAt(place('/etc/systemd/system/a.service.d/x.conf')),
      true,
    ],
    [
      'of units by pattern',
      { unit: ['k3s-*.service'] },
      failAt(place('/usr/lib/systemd/system/k3s-agent.service')),
      true,
    ],
    ['of another unit', { unit: ['b.service'] }, failAt(place('/etc/systemd/system/a.service')), false],
    ['of the package', { package: ['tool'] }, failAt(place('/opt/tool')), true],
    ['of another package', { package: ['other'] }, failAt(place('/opt/tool')), false],
    [
      'of package and path, one of them wrong',
      { package: ['tool'], path: ['/usr/*'] },
      failAt(place('/opt/tool')),
      false,
    ],
    ['of the image', { image: ['node*.wic'] }, inEtc, true],
    ['of another image', { image: ['edge*'] }, inEtc, false],
    ['for a pass', {}, result(pass()), false],
    ['for what could not be read', {}, result(inconclusive('damaged')), false],
  ])('%s', (_, some, failure, expected) => {
    expect(isWaived(waiver(some), failure)).toBe(expected);
  });

  it('counts before a wider one that stands above it', () => {
    const wide = waiver({ rule: 'A-*', reason: 'wide' });
    const judged = { label: 'node.wic', belongsTo: () => false };
    const [after] = applyWaivers([inEtc], [wide, waiver({ reason: 'narrow' })], judged, today);
    expect(after?.waiver?.reason).toBe('narrow');
    expect(applyWaivers([inEtc], [wide], judged, today)[0]?.waiver?.reason).toBe('wide');
  });

  it('leaves the failure as it is', () => {
    const one = waiver();
    const judged = { label: 'node.wic', belongsTo: () => false };
    const [after] = applyWaivers([inEtc], [one, waiver()], judged, today);
    expect(after).toEqual({
      ...inEtc,
      waiver: { by: 'waiver', reason: 'why', owner: 'me', expires: '2030-01-31', location: one.location },
    });
  });
});

describe('a path pattern', () => {
  it.each<[string, string, boolean]>([
    ['/etc/*', '/etc/a', true],
    ['/etc/*', '/etc/a/b', false],
    ['/etc/**', '/etc/a/b', true],
    ['/etc/**/b', '/etc/b', true],
    ['/etc/**/b', '/etc/x/y/b', true],
    ['/etc/**/b', '/etc/xb', false],
    ['/a?c', '/abc', true],
    ['/a?c', '/a/c', false],
    ['/a.c(x)[y]', '/a.c(x)[y]', true],
    ['/a.c', '/abc', false],
    ['/etc/*', '/etc/a\nb\udcff', true],
  ])('%s and %j: %s', (pattern, path, expected) => {
    expect(matchesPath(pattern, path)).toBe(expected);
  });

  it('ends on a path made to exhaust it', () => {
    expect(matchesPath('/**/*a*a*a*a*b', `/${'a'.repeat(4000)}`)).toBe(false);
  });
});

describe('the upkeep of waivers', () => {
  const upkeep = (one: WaiverRule, images: readonly ImageResult[]): readonly string[] =>
    findWaiverUpkeep([one], images, today).map(({ id }) => id);
  const good = image(result(pass()));

  it.each<[string, WaiverRule, readonly ImageResult[], readonly string[]]>([
    ['expired', waiver({ expires: '2026-11-29' }), [good], ['waiver/expired']],
    ['unused', waiver(), [good], ['waiver/unused']],
    ['of a check that could not be judged', waiver(), [image(result(inconclusive('damaged')))], []],
    ['of a check that was not judged', waiver(), [image(result(pass(), 'A-2'))], []],
    [
      'of a check that another image may fail',
      waiver(),
      [
        good,
        {
          state: 'unreadable',
          subject: { label: 'x', layers: [], system: [] },
          error: { code: 'x/y', message: 'cut' },
        },
      ],
      [],
    ],
    ['of everything', waiver({ rule: '*' }), [], ['waiver/too-wide']],
    ['of every path', waiver({ path: ['/**'] }), [], ['waiver/too-wide']],
    ['of several checks anywhere', waiver({ rule: 'A-*' }), [], ['waiver/too-wide']],
    ['of several checks in one place', waiver({ rule: 'A-*', path: ['/opt/vendor/**'] }), [], []],
  ])('%s', (_, one, images, ids) => {
    expect(upkeep(one, images)).toEqual(ids);
  });

  it('has nothing to say about a waiver that is used', () => {
    const bad = failAt(place('/etc/a.conf'));
    const waived = applyWaivers([bad], [waiver()], { label: 'node.wic', belongsTo: () => false }, today);
    expect(upkeep(waiver(), [good, image(...waived)])).toEqual([]);
  });

  it('names the place of the waiver and the owner of an expired one', () => {
    expect(findWaiverUpkeep([waiver({ expires: '2026-01-01' })], [], today)[0]?.verdict).toMatchObject({
      message: 'the waiver of A-1 has expired on 2026-01-01 (me)',
      evidence: [{ location: { source: 'w.yaml', line: 2 } }],
    });
  });
});
