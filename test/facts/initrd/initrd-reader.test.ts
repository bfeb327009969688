import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { ImageFacts } from '../../../src/facts/fact.ts';
import { FactStore } from '../../../src/facts/fact-store.ts';
import type { InitrdFact } from '../../../src/facts/initrd/initrd-fact.ts';
import { MemoryFileSystem } from '../../../src/filesystems/memory.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { RootView } from '../../../src/root/root-view.ts';
import { deviceOf, labelled } from '../../root/devices.ts';
import { makeCpio } from './make-cpio.ts';

const folder = 'usr/lib/modules/6.12.107/kernel/drivers';
const archive = makeCpio([`${folder}/virtio_blk.ko.xz`, `${folder}/sd-mod.ko`, 'init']);
const early = makeCpio(['kernel/x86/microcode/GenuineIntel.bin']);

async function readInitrd(files: Readonly<Record<string, Uint8Array | string>>, prepare = true): Promise<InitrdFact> {
  const esp = deviceOf(1, labelled('EFI', 'ABCD-1234', files, 'vfat'));
  const location = { source: esp.label, path: '/entry', line: 1 };
  const initrd = Object.keys(files).length === 0 ? [] : ['/initrd'].map((text) => ({ text, location }));
  const image: ImageFacts = {
    label: 'disk.wic',
    boot: {
      devices: [esp],
      rootDevice: esp,
      menus: [],
      entry: { loader: 'systemd-boot', id: 'boot.conf', initrd, source: esp.label },
    },
    sideFiles: [],
  };
  const view = new RootView([{ path: '/', fileSystem: new MemoryFileSystem({}) }], defaultLimits);
  const facts = new FactStore(view, image);
  if (prepare) await facts.prepare(['initrd']);
  return facts.get('initrd').value;
}

describe('the modules of an initrd', () => {
  const kernels = [{ release: '6.12.107', modules: ['sd_mod', 'virtio_blk'] }];

  it.each([
    ['plain', archive],
    ['compressed', gzipSync(archive)],
    ['behind microcode', Buffer.concat([Buffer.from(early), gzipSync(archive)])],
  ])('are found in one that is %s', async (_, bytes) => {
    expect(await readInitrd({ '/initrd': Buffer.from(bytes) })).toMatchObject({
      state: 'read',
      location: { source: 'disk.wic!p1', path: '/initrd' },
      kernels,
      lacks: [{ program: '/init', because: 'the kernel starts it, and it is no program', calledBy: { path: '/init' } }],
    });
  });

  it('are none where there is no initrd, and unknown where it is damaged, missing or was not opened', async () => {
    expect(await readInitrd({})).toEqual({ state: 'none', kernels: [], lacks: [] });
    expect(await readInitrd({ '/initrd': archive.slice(0, 300) })).toMatchObject({
      state: 'unreadable',
      kernels: [],
      lacks: [],
    });
    expect(await readInitrd({ '/other': archive })).toMatchObject({ state: 'unreadable', reason: 'it is not there' });
    expect(await readInitrd({ '/initrd': archive }, false)).toEqual({ state: 'closed', kernels: [], lacks: [] });
  });
});
