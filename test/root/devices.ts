/** Devices for tests of the root: partitions with file systems in memory. */
import { ImageError } from '../../src/errors.ts';
import type { FileSystem } from '../../src/filesystems/file-system.ts';
import { MemoryFileSystem, type MemoryTree } from '../../src/filesystems/memory.ts';
import type { Content, Device } from '../../src/root/layer.ts';
import type { Partition } from '../../src/volumes/volume.ts';

const linuxType = '0fc63daf-8483-4772-8e79-3d69d8477de4';
export const espType = 'c12a7328-f81f-11d2-ba4b-00a0c93ec93b';

/** A file system in memory with a volume label and UUID, as `format`. */
export function labelled(volumeLabel: string, uuid: string, tree: MemoryTree = {}, format = 'ext4'): FileSystem {
  const memory = new MemoryFileSystem(tree);
  return Object.assign(Object.create(memory), {
    ...bound(memory),
    format,
    volumeLabel,
    uuid,
    label: 'memory',
    diagnostics: [],
    root: memory.root,
  }) as FileSystem;
}

/** The methods of a class with private fields, callable on another object. */
function bound(memory: MemoryFileSystem): Record<string, unknown> {
  const names = ['lookup', 'list', 'stat', 'readLink', 'open', 'xattrs', 'close'] as const;
  return Object.fromEntries(names.map((name) => [name, memory[name].bind(memory)]));
}

/** Partition `number` of `disk.wic` with this content. */
export function deviceOf(number: number, content: FileSystem | Content, partition: Partial<Partition> = {}): Device {
  const label = `disk.wic!p${number}`;
  const inside: Content = 'state' in content ? content : { state: 'filesystem', fileSystem: relabel(content, label) };
  return {
    name: `p${number}`,
    label,
    size: 1024,
    partition: {
      number,
      table: 'gpt',
      type: linuxType,
      uuid: '',
      name: '',
      start: 0,
      size: 1024,
      attributes: '0',
      ...partition,
    },
    content: inside,
  };
}

function relabel(fileSystem: FileSystem, label: string): FileSystem {
  return Object.assign(fileSystem, { label });
}

export const damaged: Content = {
  state: 'unreadable',
  error: new ImageError('corrupt', 'test/damaged', 'its superblock is damaged', {
    location: { source: 'disk.wic!p9' },
  }),
};

/** The least that makes a root. */
export const rootTree: MemoryTree = {
  '/etc/os-release': 'ID=debian',
  '/usr/lib/systemd/systemd': '',
  '/boot': { directory: true },
};
