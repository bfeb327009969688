/** Where the fact `kernel` takes a configuration from that no file tells: the kernel that boots, unpacked before it is read. */
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import type { ImageFacts } from '../../../src/facts/fact.ts';
import { FactStore } from '../../../src/facts/fact-store.ts';
import type { KernelFact } from '../../../src/facts/kernel/kernel-fact.ts';
import { MemoryFileSystem, type MemoryTree } from '../../../src/filesystems/memory.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { RootView } from '../../../src/root/root-view.ts';
import { deviceOf, labelled } from '../../root/devices.ts';

const kernel = Buffer.concat([
  Buffer.alloc(4096),
  Buffer.from('IKCFG_ST'),
  gzipSync('CONFIG_VXLAN=m\n'),
  Buffer.from('IKCFG_ED'),
]);
const modules: MemoryTree = {
  '/usr/lib/modules/6.12.107/modules.dep': 'kernel/x.ko:\n',
  '/usr/lib/modules/6.1.0/modules.dep': 'kernel/x.ko:\n',
};

async function readKernel(root: MemoryTree, bytes: Uint8Array): Promise<KernelFact> {
  const esp = deviceOf(1, labelled('EFI', 'ABCD-1234', { '/vmlinuz-6.12.107': bytes }, 'vfat'));
  const linux = { text: '/vmlinuz-6.12.107', location: { source: esp.label, path: '/entry', line: 1 } };
  const image: ImageFacts = {
    label: 'disk.wic',
    boot: {
      devices: [esp],
      rootDevice: esp,
      menus: [],
      entry: { loader: 'systemd-boot', id: 'boot.conf', linux, initrd: [], source: esp.label },
    },
    sideFiles: [],
  };
  const view = new RootView([{ path: '/', fileSystem: new MemoryFileSystem(root) }], defaultLimits);
  const facts = new FactStore(view, image);
  await facts.prepare(['kernel']);
  return facts.get('kernel').value;
}

const options = ({ kernels }: KernelFact) => kernels.map(({ release, config }) => [release, config?.VXLAN]);

it('is the kernel of the boot entry, for its own release', async () => {
  const fact = await readKernel(modules, kernel);
  expect(options(fact)).toEqual([
    ['6.1.0', undefined],
    ['6.12.107', 'm'],
  ]);
  expect(fact.kernels[1]?.configLocation).toEqual({ source: 'disk.wic!p1:/vmlinuz-6.12.107' });
});

it('is a file where there is one', async () => {
  const fact = await readKernel({ ...modules, '/boot/config-6.12.107': 'CONFIG_VXLAN=y\n' }, kernel);
  expect(options(fact)[1]).toEqual(['6.12.107', 'y']);
});

it('is nothing where the kernel is damaged or carries none', async () => {
  const broken = Buffer.from(kernel);
  broken.fill(0, 4110, 4130);
  expect(options(await readKernel(modules, broken))[1]).toEqual(['6.12.107', undefined]);
  expect(options(await readKernel(modules, Buffer.alloc(100)))[1]).toEqual(['6.12.107', undefined]);
});

it('is the kernel of the system on NixOS, whose release its modules tell', async () => {
  const toplevel = '/nix/store/0123456789abcdfghijklmnpqrsvwxyz-nixos-system-node-24.11';
  const tree: MemoryTree = {
    [`${toplevel}/kernel`]: kernel,
    '/run/current-system': { link: toplevel },
    [`${toplevel}/kernel-modules/lib/modules/6.6.74/modules.dep`]: 'kernel/x.ko:\n',
  };
  const view = new RootView([{ path: '/', fileSystem: new MemoryFileSystem(tree) }], defaultLimits);
  const nixos = { toplevel, because: 'it is the only one', diagnostics: [], candidates: [], generations: [] };
  const facts = new FactStore(view, { label: 'node.tar', nixos, sideFiles: [] });
  await facts.prepare(['kernel']);
  expect(options(facts.get('kernel').value)).toEqual([['6.6.74', 'm']]);
});
