/** One node in every shape the build ships it in: the same verdict from each. */
import { describe, expect, it } from 'vitest';
import { builtImage, checkImage, judge, verdictLines } from './check-image.ts';

const shapes = [
  'k3s-server.wic',
  'k3s-server.wic.zst',
  'k3s-server.wic.gz',
  'k3s-server.wic.xz',
  'k3s-server.ext4',
  'k3s-server.tar',
  'k3s-server.tar.xz',
  'k3s-server.rootfs',
];

/** What the boot loader's files decide, which lie on a disk only. */
const withoutLoader: Readonly<Record<string, string>> = {
  'K3S-NET-04 pass': 'K3S-NET-04 unknown',
  'K3S-MOD-08 pass': 'K3S-MOD-08 skip',
  'K3S-VT-01 pass': 'K3S-VT-01 skip',
};
const isDisk = (shape: string): boolean => shape.includes('.wic');

describe('the clean server', () => {
  const reference = judge(builtImage('k3s-server.wic'));

  it('has no finding at all and is judged on all that the contract asks', () => {
    const findings = [...reference.checks.values()].filter(({ status }) => status === 'fail');
    expect(findings).toEqual([]);
    expect([...reference.checks.values()].filter(({ status }) => status === 'pass').length).toBeGreaterThan(50);
    expect(reference.code).toBe(0);
  });

  it.each(shapes)('%s: the same verdict', (shape) => {
    const { code, checks } = judge(builtImage(shape));
    expect(code).toBe(0);
    const wanted = verdictLines(reference.checks);
    expect(verdictLines(checks)).toEqual(isDisk(shape) ? wanted : wanted.map((line) => withoutLoader[line] ?? line));
  });
});

describe('other nodes', () => {
  it('the clean agent has no finding', () => {
    const { code, checks } = judge(builtImage('k3s-agent.wic'));
    expect([...checks.values()].filter(({ status }) => status === 'fail')).toEqual([]);
    expect(code).toBe(0);
  });

  it('the clean arm64 server has no finding', () => {
    const { code, checks } = judge(builtImage('k3s-server-arm64.ext4'));
    expect([...checks.values()].filter(({ status }) => status === 'fail')).toEqual([]);
    expect(code).toBe(0);
  });

  it.each(['k3s-server-vlans.ext4', 'k3s-server-bonding.ext4'])('the clean %s has no finding', (name) => {
    const { code, checks } = judge(builtImage(name));
    expect([...checks.values()].filter(({ status }) => status === 'fail')).toEqual([]);
    expect([checks.get('K3S-NET-01')?.status, checks.get('K3S-NET-11')?.status]).toEqual(['pass', 'pass']);
    expect(code).toBe(0);
  });

  it('several images: each judged, the worst exit code', () => {
    const ran = checkImage(
      builtImage('k3s-server.wic'),
      builtImage('k3s-agent.wic'),
      '/dev/null/missing',
      '--format',
      'json',
    );
    expect(ran.code).toBe(3);
    expect(JSON.parse(ran.stdout).images.map((image: { state: string }) => image.state)).toEqual([
      'judged',
      'judged',
      'unreadable',
    ]);
  });
});
