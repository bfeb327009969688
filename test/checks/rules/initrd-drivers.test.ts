import { describe, expect, it } from 'vitest';
import { initrdDrivers } from '../../../src/checks/rules/initrd-drivers.ts';
import type { BootEntryFact } from '../../../src/facts/boot/boot-fact.ts';
import type { InitrdFact } from '../../../src/facts/initrd/initrd-fact.ts';
import { createTable } from '../../../src/table.ts';
import { goodBoot } from '../good-boot.ts';
import { kernel } from '../good-node.ts';
import { judge } from '../judge.ts';
import { emptyKernel, place, StubFacts } from '../stub-facts.ts';

const release = '6.12.107';
const withModules = (...modules: string[]): InitrdFact => ({
  state: 'read',
  location: { source: 'disk!p1', path: '/initrd.img' },
  kernels: [{ release, modules }],
  lacks: [],
});

function facts(initrd: InitrdFact, builtin: readonly string[] = [], commandLine = 'quiet'): StubFacts {
  const modules = createTable(
    builtin.map((name) => [name, { name, state: 'builtin' as const, location: place('/modules.builtin') }]),
  );
  const entry = { ...(goodBoot.entry as BootEntryFact), commandLine: { text: commandLine, location: place('/entry') } };
  return new StubFacts({
    boot: { '': { ...goodBoot, entry } },
    initrd: { '': initrd },
    kernel: { '': { ...emptyKernel, kernels: [{ ...kernel, release, modules }] } },
  });
}

const rule = { name: 'initrd-drivers' };

describe('the drivers of the root', () => {
  it.each([
    ['modules of the initrd', withModules('virtio_blk', 'virtio_pci', 'ext4'), []],
    ['built in', { state: 'none', kernels: [], lacks: [] }, ['virtio_blk', 'virtio_mmio', 'ext4']],
    ['some of each', withModules('nvme'), ['ext4']],
  ] as const)('may be %s', async (_, initrd, builtin) => {
    expect(await judge('rule', rule, facts(initrd as InitrdFact, builtin))).toMatchObject({ status: 'pass' });
  });

  it.each([
    ['no disk', withModules('ext4', 'virtio_blk'), 'quiet', /has a driver of any disk/],
    ['no file system', withModules('nvme'), 'quiet', /has ext4/],
    ['no dm-verity', withModules('nvme', 'ext4'), 'root=/dev/dm-0 roothash=0123', /has dm_verity/],
    ['no dm-crypt', withModules('nvme', 'ext4'), 'rd.luks.uuid=0123', /has dm_crypt/],
    [
      'modules of another kernel',
      { ...withModules(), kernels: [{ release: '6.1.0', modules: ['nvme', 'ext4'] }] },
      'quiet',
      /has modules of 6.1.0, but the kernel that boots is 6.12.107/,
    ],
  ] as const)('%s is a failure', async (_, initrd, commandLine, message) => {
    const verdict = await judge('rule', rule, facts(initrd, [], commandLine));
    expect(verdict).toMatchObject({ status: 'fail', message: expect.stringMatching(message) });
  });

  it('must be those of the buses that the contract names', async () => {
    const virtio = facts(withModules('virtio_blk', 'virtio_pci', 'ext4'));
    expect(await judge('rule', { ...rule, buses: ['virtio'] }, virtio)).toMatchObject({ status: 'pass' });
    expect(await judge('rule', { ...rule, buses: ['virtio', 'nvme'] }, virtio)).toMatchObject({
      status: 'fail',
      expected: 'the drivers of nvme',
      found: 'drivers for virtio',
    });
    expect(initrdDrivers.cannotFail?.({ buses: ['scsi'] })).toMatch(/there is no bus scsi/);
  });

  it('cannot be told from an initrd that could not be read', async () => {
    const cut: InitrdFact = { state: 'unreadable', reason: 'it ends too early', kernels: [], lacks: [] };
    expect(await judge('rule', rule, facts(cut))).toMatchObject({ status: 'unknown', kind: 'inconclusive' });
  });
});
