/** Which record is which: names, second names, patterns; and ranges of ports. */
import { describe, expect, it } from 'vitest';
import { alignRecords } from '../../../src/diff/compare/align.ts';
import { matchesName } from '../../../src/diff/compare/match-name.ts';
import { splitPortRecords } from '../../../src/diff/compare/split-ports.ts';
import { makeRecord } from '../../../src/diff/portrait/concern.ts';

const records = (...names: string[]) => names.map((name) => makeRecord(name, {}));
const align = (a: string[], b: string[], groups: readonly (readonly string[])[] = []) =>
  alignRecords(
    records(...a),
    records(...b),
    groups.map((names) => ({ names, reason: 'why' })),
  ).map((pair) => `${pair.a?.key ?? '-'} ${pair.b?.key ?? '-'}`);

describe('names', () => {
  it('match with stars for any text', () => {
    expect(matchesName('k3s-*.service', 'k3s-server.service')).toBe(true);
    expect(matchesName('*', '')).toBe(true);
    expect(matchesName('a*b*c', 'a/x/b/c')).toBe(true);
    expect(matchesName('a*b*c', 'acb')).toBe(false);
    expect(matchesName('ab*ba', 'aba')).toBe(false);
    expect(matchesName('a.b', 'axb')).toBe(false);
  });

  it('align what is called the same, then what is listed', () => {
    expect(align(['k3s.service', 'ssh.service'], ['ssh.service', 'k3s-server.service'])).toEqual([
      'k3s.service -',
      'ssh.service ssh.service',
      '- k3s-server.service',
    ]);
    const group = ['k3s.service', 'k3s-server.service', 'k3s-agent.service'];
    expect(align(['k3s.service', 'a'], ['a', 'k3s-server.service'], [group])).toEqual([
      'k3s.service k3s-server.service',
      'a a',
    ]);
  });

  it('give no thing away twice, and none that is called the same elsewhere', () => {
    expect(align(['x', 'y'], ['z'], [['x', 'y', 'z']])).toEqual(['x z', 'y -']);
    expect(align(['x', 'z'], ['z'], [['x', 'z']])).toEqual(['x -', 'z z']);
    expect(align(['linux'], ['linux-image-6.12'], [['linux', 'linux-image-*']])).toEqual(['linux linux-image-6.12']);
  });
});

describe('ranges of ports', () => {
  const ports = (open: string, closed: string) =>
    makeRecord('tcp', { open: open.split(' '), closed: closed.split(' ') });
  const split = (a: ReturnType<typeof ports>, b: ReturnType<typeof ports>) => {
    const { a: ours, b: theirs, equal } = splitPortRecords([a], [b]);
    return [
      equal,
      ...ours.map(({ key, fields }, i) => `${key} ${fields.state?.values} ${theirs[i]?.fields.state?.values}`),
    ];
  };

  it('are cut where either side changes', () => {
    expect(split(ports('22 6443', '0-21 23-6442 6444-65535'), ports('6443', '0-6442 6444-65535'))).toEqual([
      0,
      'tcp 22 open closed',
    ]);
    expect(split(ports('0-65535', ''), ports('0-65535', ''))).toEqual([1]);
    expect(split(ports('0-65535', ''), ports('30000-32767', '0-29999 32768-65535'))).toEqual([
      0,
      'tcp 0-29999 open closed',
      'tcp 32768-65535 open closed',
    ]);
  });

  it('may be nonsense in a file of facts', () => {
    const hostile = makeRecord('tcp', { open: ['x', '5-1', '0-99999999', '-3', '', '1e9-2e9'] });
    expect(split(hostile, ports('0-65535', ''))).toEqual([1]);
  });
});
