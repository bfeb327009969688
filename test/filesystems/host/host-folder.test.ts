import { createHash } from 'node:crypto';
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ImageError } from '../../../src/errors.ts';
import { openHostFolder } from '../../../src/filesystems/host/host-folder.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { describeConformance, failureKind } from '../conformance.ts';
import type { ExpectedLink, ExpectedNode } from '../expectation.ts';

const scratch = mkdtempSync(join(tmpdir(), 'check-image-test-'));
const tree = join(scratch, 'tree');
afterAll(() => rmSync(scratch, { recursive: true }));

mkdirSync(join(tree, 'etc/systemd'), { recursive: true });
mkdirSync(join(tree, 'empty'));
writeFileSync(join(tree, 'etc/hostname'), 'node\n');
writeFileSync(join(tree, 'large'), Buffer.alloc(300_000, 'large '));
linkSync(join(tree, 'large'), join(tree, 'etc/same'));
symlinkSync('/etc/hostname', join(tree, 'absolute'));
symlinkSync('../../..', join(tree, 'etc/systemd/up'));
chmodSync(join(tree, 'large'), 0o4755);
utimesSync(join(tree, 'large'), new Date(-1500), new Date(-1500));

const names = ['', 'absolute', 'empty', 'etc', 'etc/hostname', 'etc/same', 'etc/systemd', 'etc/systemd/up', 'large'];

/** What Node itself says about the tree. */
function expectation(): Record<string, ExpectedNode | ExpectedLink> {
  const expected: Record<string, ExpectedNode | ExpectedLink> = {};
  for (const name of names) {
    const path = join(tree, name);
    const stat = lstatSync(path);
    const isFile = stat.isFile();
    expected[`/${name}`] = {
      type: stat.isDirectory() ? 'directory' : stat.isSymbolicLink() ? 'symlink' : 'file',
      mode: (stat.mode & 0o7777).toString(8).padStart(4, '0'),
      uid: stat.uid,
      gid: stat.gid,
      mtime: Math.floor(stat.mtimeMs / 1000),
      xattrs: {},
      ...(isFile && {
        size: stat.size,
        links: stat.nlink,
        sha256: createHash('sha256').update(readFileSync(path)).digest('hex'),
      }),
      ...(stat.isSymbolicLink() && { target: readlinkSync(path) }),
    };
  }
  expected['/large'] = { ...expected['/large'], type: 'file' };
  expected['/etc/same'] = { sameAs: '/large' };
  return expected;
}

function failure(action: () => unknown): string {
  try {
    action();
    return 'none';
  } catch (error) {
    if (error instanceof ImageError) return `${error.kind} ${error.code}`;
    throw error;
  }
}

const options = { diagnostics: ['host/no-xattrs'] };
describeConformance('a host directory', () => openHostFolder(tree, 'root', defaultLimits), expectation(), options);

describe('a host directory', () => {
  it('is looked up without being listed, and the nodes stay the same', () => {
    const fileSystem = openHostFolder(tree, 'root', defaultLimits);
    const etc = fileSystem.lookup(fileSystem.root, 'etc') ?? -1;
    const hostname = fileSystem.lookup(etc, 'hostname');
    expect(fileSystem.lookup(etc, 'no such file')).toBeUndefined();
    expect(fileSystem.list(etc).find(({ name }) => name === 'hostname')?.node).toBe(hostname);
    expect(fileSystem.open(hostname ?? -1).label).toBe('root:/etc/hostname');
    fileSystem.close();
  });

  it('may be given by a symlink, but follows none below', () => {
    symlinkSync(tree, join(scratch, 'link'));
    const fileSystem = openHostFolder(join(scratch, 'link'), 'root', defaultLimits);
    const link = fileSystem.lookup(fileSystem.root, 'absolute') ?? -1;
    expect(fileSystem.stat(link).type).toBe('symlink');
    expect(failure(() => fileSystem.open(link))).toBe('input host/not-a-file');
  });

  it('that is not there, or is a file, is refused', () => {
    expect(failure(() => openHostFolder(join(scratch, 'none'), 'root', defaultLimits))).toBe('input host/enoent');
    expect(failure(() => openHostFolder(join(tree, 'large'), 'root', defaultLimits))).toBe('input host/enotdir');
  });

  it('never reads as empty when it can no longer be read', () => {
    const folder = join(scratch, 'vanishing');
    mkdirSync(join(folder, 'inner'), { recursive: true });
    writeFileSync(join(folder, 'inner/file'), 'x');
    const fileSystem = openHostFolder(folder, 'root', defaultLimits);
    const inner = fileSystem.lookup(fileSystem.root, 'inner') ?? -1;
    renameSync(join(folder, 'inner'), join(folder, 'other'));
    writeFileSync(join(folder, 'inner'), 'now a file');
    expect(failureKind(() => fileSystem.list(inner))).toBe('input');
    expect(failureKind(() => fileSystem.lookup(inner, 'file'))).toBe('input');
  });

  it('is held to the limits', () => {
    const few = { ...defaultLimits, directoryEntries: 3 };
    expect(failure(() => openHostFolder(tree, 'root', few))).toBe('limit limit/directoryEntries');
    const fileSystem = openHostFolder(tree, 'root', { ...defaultLimits, fileSystemEntries: 5 });
    const etc = fileSystem.lookup(fileSystem.root, 'etc') ?? -1;
    expect(failure(() => fileSystem.list(etc))).toBe('limit limit/fileSystemEntries');
  });
});
