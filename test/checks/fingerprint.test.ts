import { describe, expect, it } from 'vitest';
import type { CheckResult, Verdict } from '../../src/checks/check.ts';
import { fingerprintOf, maskBuild } from '../../src/checks/fingerprint.ts';
import { at, fail } from '../../src/checks/verdict.ts';

const result = (verdict: Verdict, id = 'A-1'): CheckResult => ({
  id,
  title: 'a requirement',
  severity: 'must',
  references: [],
  verdict,
});

const finding = (label: string, path: string, line: number, message: string): string =>
  fingerprintOf(label, result(fail(message, { evidence: [at({ source: `${label}!p2`, path, line })] })));

const store = (letter: string): string => `/nix/store/${letter.repeat(32)}-unit/a.service`;

describe('the fingerprint of a finding', () => {
  it('is the same in the next build', () => {
    const before = finding('node-20260101-1a2b3c4.wic', '/lib/modules/6.12.1/kernel', 4, 'kernel 6.12.1 lacks vxlan');
    expect(finding('node-20260202-4d5e6f7.wic', '/lib/modules/6.12.9/kernel', 9, 'kernel 6.12.9 lacks vxlan')).toBe(
      before,
    );
    expect(finding('node.wic', store('a'), 1, 'no')).toBe(finding('node.wic', store('0'), 1, 'no'));
  });

  it('is the same however the image was compressed', () => {
    const before = finding('node.wic', '/etc/a', 1, 'x');
    for (const suffix of ['zst', 'xz', 'gz', 'bz2', 'lz4', 'lzma'])
      expect(finding(`node.wic.${suffix}`, '/etc/a', 1, 'x')).toBe(before);
    expect(finding('node.ext4', '/etc/a', 1, 'x')).not.toBe(before);
  });

  it('differs by check, place, sentence and kind of image', () => {
    const prints = [
      finding('node.wic', '/etc/a', 1, 'x'),
      finding('node.wic', '/etc/b', 1, 'x'),
      finding('node.wic', '/etc/a', 1, 'y'),
      finding('edge.wic', '/etc/a', 1, 'x'),
      fingerprintOf('node.wic', result(fail('x'), 'A-2')),
      fingerprintOf('node.wic', result(fail('x'))),
    ];
    expect(new Set(prints).size).toBe(prints.length);
  });

  it('does not depend on the order of the places', () => {
    const places = ['/etc/a', '/etc/b'].map((path) => at({ source: 'node.wic', path }));
    const print = (evidence: typeof places) => fingerprintOf('node.wic', result(fail('x', { evidence })));
    expect(print([...places].reverse())).toBe(print(places));
  });

  it('keeps words that look a little like hashes', () => {
    expect(maskBuild('defaced k3s-server amd64')).toBe('defaced k#s-server amd#');
  });
});
