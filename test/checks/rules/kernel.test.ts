/** Rules about kernels: what the contract's own table does not reach. */
import { describe, expect, it } from 'vitest';
import { optionsFor } from '../../../src/checks/rules/kernel/k3s-options.ts';
import { kernelOptions } from '../../../src/checks/rules/kernel/kernel-options.ts';
import { createTable } from '../../../src/table.ts';
import { kernel } from '../good-node.ts';
import { judge } from '../judge.ts';
import { emptyKernel, file, link, StubFacts } from '../stub-facts.ts';

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
