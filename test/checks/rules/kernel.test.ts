/** Rules about kernels: what the contract's own table does not reach. */
import { describe, expect, it } from 'vitest';
import { optionsFor } from '../../../src/checks/rules/kernel/k3s-options.ts';
import { kernelOptions } from '../../../src/checks/rules/kernel/kernel-options.ts';
import type { BootDevice, BootEntryFact, BootFact } from '../../../src/facts/boot/boot-fact.ts';
import { createTable } from '../../../src/table.ts';
import { goodBoot, rootDevice } from '../good-boot.ts';
import { kernel } from '../good-node.ts';
import { judge } from '../judge.ts';
import { emptyKernel, file, link, place, StubFacts, type StubValues } from '../stub-facts.ts';

describe('kernel-options', () => {
  it('asks for what the version of the kernel has', () => {
    expect(optionsFor('necessary', '4.4.302-cip')).toContain('DEVPTS_MULTIPLE_INSTANCES');
    expect(optionsFor('necessary', '4.8.0')).not.toContain('DEVPTS_MULTIPLE_INSTANCES');
    expect(optionsFor('useful', '3.18.1')).toContain('MEMCG_KMEM');
    expect(optionsFor('useful', '6.12.107')).not.toContain('MEMCG_KMEM');
    expect(optionsFor('necessary', 'custom')).toContain('NAMESPACES');
  });

  it('names what is missing, in every kernel', async () => {
    const bare = { ...kernel, release: '6.1.0', config: createTable([['NAMESPACES', 'y']]) };
    const facts = new StubFacts({ kernel: { '': { ...emptyKernel, kernels: [kernel, bare] } } });
    const verdict = await judge('rule', { name: 'kernel-options', group: 'necessary' }, facts);
    expect(verdict).toMatchObject({
      status: 'fail',
      message: expect.stringMatching(/^kernel 6.1.0 .* CONFIG_NET_NS, /),
    });
  });

  it('cannot tell without a configuration, and refuses another group', async () => {
    const { config: _, ...without } = kernel;
    const facts = new StubFacts({ kernel: { '': { ...emptyKernel, kernels: [without] } } });
    const verdict = await judge('rule', { name: 'kernel-options', group: 'useful' }, facts);
    expect(verdict).toMatchObject({ status: 'unknown', kind: 'inconclusive' });
    expect(kernelOptions.cannotFail?.({ group: 'all' })).toMatch(/there is no group all/);
  });

  it('passes over a kernel without a configuration where it is told to', async () => {
    const { config: _, ...without } = kernel;
    const facts = (...kernels: (typeof without)[]) => new StubFacts({ kernel: { '': { ...emptyKernel, kernels } } });
    const rule = { name: 'kernel-options', group: 'useful', 'if-unknown': 'skip' };
    expect((await judge('rule', rule, facts(without))).status).toBe('skip');
    expect((await judge('rule', rule, facts(without, kernel))).status).toBe('pass');
    expect(kernelOptions.cannotFail?.({ group: 'useful', 'if-unknown': 'fail' })).toMatch(/can be skip, not fail/);
  });
});

describe('iptables-backend', () => {
  const program = '/usr/sbin/iptables';
  const rule = { name: 'iptables-backend', program };
  const facts = (resolved: string, ...modules: string[]) =>
    new StubFacts({
      file: { [program]: link(program, 'x', resolved) },
      kernel: {
        '': {
          ...emptyKernel,
          kernels: [
            {
              ...kernel,
              modules: createTable(
                modules.map((name) => [name, { name, state: 'builtin' as const, location: { source: 'disk!p2' } }]),
              ),
            },
          ],
        },
      },
    });

  it.each([
    ['/usr/sbin/xtables-nft-multi', ['nf_tables', 'nft_compat'], 'pass'],
    ['/usr/sbin/xtables-nft-multi', ['ip_tables'], 'fail'],
    ['/usr/sbin/xtables-legacy-multi', ['ip_tables'], 'pass'],
    ['/usr/sbin/xtables-legacy-multi', ['nf_tables'], 'fail'],
    ['/opt/iptables', [], 'skip'],
  ])('%s with %j: %s', async (resolved, modules, status) => {
    expect(await judge('rule', rule, facts(resolved, ...modules))).toMatchObject({ status });
  });

  it('has nothing to say without iptables, and cannot tell without a kernel', async () => {
    expect(await judge('rule', rule, new StubFacts())).toMatchObject({ status: 'skip' });
    const alone = new StubFacts({
      file: { [program]: file(program, {}, { resolved: '/usr/sbin/xtables-nft-multi' }) },
    });
    expect(await judge('rule', rule, alone)).toMatchObject({ status: 'unknown' });
  });
});

describe('no-swap', () => {
  const rule = { name: 'no-swap' };
  const line = (change: object = {}) => ({
    path: 'none',
    type: 'swap',
    options: ['sw'],
    location: place('/etc/fstab', 9),
    device: { text: '/dev/vda3', by: 'kernel name' as const, location: place('/etc/fstab', 9) },
    ...change,
  });
  const partition = (attributes: string, type = '0657fd6d-a4ab-43c4-84e5-0933c84b4f4f'): BootDevice => {
    const { format: _, uuid, volumeLabel, ...bare } = rootDevice;
    const table = rootDevice.partition as NonNullable<BootDevice['partition']>;
    return { ...bare, name: 'p3', title: 'p3 "swap"', content: 'swap', partition: { ...table, type, attributes } };
  };
  const started = (unit: string, state: 'boot' | 'unknown' = 'boot'): StubValues => ({
    startup: {
      '': {
        units: {
          [unit]: {
            unit,
            state,
            because: [{ unit: 'multi-user.target', by: '.wants/', location: place(`/etc/systemd/system/${unit}`) }],
          },
        },
      },
    },
  });
  const zram: StubValues = {
    file: {
      '/usr/lib/systemd/system-generators/zram-generator': file('/usr/lib/systemd/system-generators/zram-generator'),
    },
    text: {
      '/etc/systemd/zram-generator.conf': {
        path: '/etc/systemd/zram-generator.conf',
        state: 'present',
        text: '# one\n[zram0]\n',
        location: place('/etc/systemd/zram-generator.conf'),
      },
    },
  };
  const boot = (change: Partial<BootFact>): StubValues => ({ boot: { '': { ...goodBoot, ...change } } });
  const off = { ...(goodBoot.entry as BootEntryFact), commandLine: { text: 'systemd.swap=0', location: place('/e') } };

  it.each([
    ['a line of fstab', boot({ fstab: [line()] }), 'fail', /fstab with \/dev\/vda3/],
    ['a line that is not used', boot({ fstab: [line({ options: ['noauto'] })] }), 'pass', /^$/],
    ['a partition', boot({ devices: [partition('0000000000000000')] }), 'fail', /the swap partition p3 "swap"/],
    ['a partition that is left alone', boot({ devices: [partition('8000000000000000')] }), 'pass', /^$/],
    ['a partition of another type', boot({ devices: [partition('0', 'x')] }), 'pass', /^$/],
    ['a command line against it', boot({ devices: [partition('0000000000000000')], entry: off }), 'pass', /^$/],
    ['compressed memory', zram, 'fail', /zram/],
    ['compressed memory without its generator', { text: zram.text } as StubValues, 'pass', /^$/],
    ['a service', started('zramswap.service'), 'fail', /zramswap.service/],
    ['a service that may not start', started('zramswap.service', 'unknown'), 'unknown', /^$/],
    ['a service against it', { ...boot({ fstab: [line()] }), ...started('disable-swap.service') }, 'pass', /turns off/],
    ['nothing', {}, 'pass', /^$/],
  ] as const)('judges %s', async (_what, values, status, text) => {
    const verdict = await judge('rule', rule, new StubFacts({ ...boot({}), ...values }));
    expect(verdict.status).toBe(status);
    expect(verdict.status === 'fail' ? verdict.message : verdict.status === 'pass' ? (verdict.note ?? '') : '').toMatch(
      text,
    );
  });

  it('cannot tell where the configuration of zram is damaged', async () => {
    const path = '/etc/systemd/zram-generator.conf';
    const text = { [path]: { path, state: 'unreadable' as const, reason: 'x', location: place(path) } };
    expect(await judge('rule', rule, new StubFacts({ ...zram, text }))).toMatchObject({ status: 'unknown' });
  });
});
