/** What is the same in another form, and what is not. */
import { describe, expect, it } from 'vitest';
import { canonicalForm, upstreamVersion } from '../../../src/diff/compare/equality.ts';
import { withoutPlatform, withoutStoreHashes } from '../../../src/diff/compare/normal-text.ts';

type Values = readonly string[] | undefined;
const same = (concern: string, field: string, a: Values, b: Values, isAcross = false): boolean => {
  const context = { concern, name: 'k3s.service', field, isAcross };
  return canonicalForm(a, context) === canonicalForm(b, context);
};

describe('directives', () => {
  it.each([
    ['Service.RestartSec', ['5s'], ['5']],
    ['Service.RestartSec', ['5000ms'], ['5 sec']],
    ['Service.Delegate', ['yes'], ['true']],
    ['Service.RemainAfterExit', ['on'], ['1']],
    ['Service.RemainAfterExit', ['no'], undefined],
    ['Service.RestartSec', ['100ms'], undefined],
    ['Service.KillMode', ['control-group'], undefined],
    ['Service.LimitNOFILE', ['1024:4096'], ['1024:4K']],
    ['Service.MemoryMax', ['1G'], ['1024M']],
    ['Unit.After', ['a.target b.target'], ['b.target', 'a.target']],
    ['Unit.Wants', ['a.target', 'a.target'], ['a.target']],
    ['Service.UMask', ['22'], ['0022']],
    ['Service.Environment', ['A=1 B=2'], ['A=1', 'B=2']],
    ['Service.ExecStart', ['/bin/true   x'], ['/bin/true x']],
    ['Timer.AccuracySec', ['1m'], ['60']],
  ])('%s: %j is %j', (field, a, b) => {
    expect(same('units', field, a, b)).toBe(true);
  });

  it.each([
    ['Service.RestartSec', ['5s'], ['5min']],
    ['Service.RestartSec', ['5s'], undefined],
    ['Service.KillMode', ['process'], ['mixed']],
    ['Service.KillMode', ['process'], undefined],
    ['Service.TasksMax', ['infinity'], ['100%']],
    ['Unit.After', ['a.target'], ['a.target b.target']],
    ['Service.ExecStart', ['/bin/a', '/bin/b'], ['/bin/b', '/bin/a']],
    ['Service.ExecStart', ['/bin/true'], ['-/bin/true']],
    ['Service.Unheard', ['a'], ['b']],
    ['state', ['enabled'], ['disabled']],
  ])('%s: %j is not %j', (field, a, b) => {
    expect(same('units', field, a, b)).toBe(false);
  });
});

describe('text', () => {
  const store = '/nix/store/n8kv8cf69byk58zhd7j9z425rhgjlfsb-k3s-1.32.1+k3s1';

  it('names a store path by its package, whatever its hash and version', () => {
    expect(withoutStoreHashes(`${store}/bin/k3s server`)).toBe('{k3s}/bin/k3s server');
    expect(withoutStoreHashes('/nix/store/short-k3s/bin/k3s')).toBe('/nix/store/short-k3s/bin/k3s');
  });

  it('finds the same program on two platforms', () => {
    const places = [`${store}/bin/k3s`, '/usr/bin/k3s', '/bin/k3s', '/run/current-system/sw/bin/k3s', '/usr/sbin/k3s'];
    expect(new Set(places.map(withoutPlatform))).toEqual(new Set(['/bin/k3s']));
    expect(same('k3s', 'value', [`${store}/bin/k3s`], ['/usr/bin/k3s'], true)).toBe(true);
    expect(same('k3s', 'value', [`${store}/bin/k3s`], ['/usr/bin/k3s'])).toBe(false);
    expect(same('k3s', 'value', ['/opt/bin/k3s'], ['/usr/bin/k3s'], true)).toBe(false);
  });
});

describe('the rest', () => {
  it('compares upstream versions across platforms, whole ones within', () => {
    expect(['1:1.4.8-2', '257.13-1~deb13u1', '5.2p37', '1.3.dfsg-1'].map(upstreamVersion)).toEqual([
      '1.4.8',
      '257.13',
      '5.2.37',
      '1.3',
    ]);
    expect(same('packages', 'version', ['1.4.8'], ['1:1.4.8-2'], true)).toBe(true);
    expect(same('packages', 'version', ['1.4.8-1'], ['1.4.8-2'])).toBe(false);
  });

  it('knows sets, kernel values and mount options', () => {
    expect(same('sysctl', 'value', ['4 4  1'], ['4\t4 1'])).toBe(true);
    expect(same('mounts', 'options', ['defaults', 'nosuid', 'ro'], ['ro', 'nosuid'])).toBe(true);
    expect(same('mounts', 'options', ['ro'], ['rw'])).toBe(false);
    expect(same('groups', 'members', ['b', 'a'], ['a', 'b'])).toBe(true);
    expect(same('tmpfiles', 'age', ['10d'], ['240h'])).toBe(true);
    expect(same('tmpfiles', 'age', ['10d'], ['10h'])).toBe(false);
  });
});
