/** Copies of the real root: GNU tar reads the export back as what the image holds, and an extracted tree is the same tree. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtImage, checkImage } from './check-image.ts';

const cli = resolve(import.meta.dirname, '../../dist/cli.cjs');
const image = builtImage('k3s-server.ext4');

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'copies-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }), 60_000);

/** What find says of every node: type, mode, links, size, time, target; sizes and links of directories are the host's. */
const describeTree = (root: string): string[] =>
  execFileSync(
    'find',
    ['.', '-printf', '%p %y %#m %T@ %l %U:%G', '-type', 'd', '-printf', '\n', '-o', '-printf', ' %n %s\n'],
    {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 256 * 1024 * 1024,
    },
  )
    .split('\n')
    .sort();

describe('the built server', () => {
  it('export: tar lists as many members as there are nodes, and finds no difference to the tree the image was made of', () => {
    const archive = join(folder, 'export.tar');
    const ran = spawnSync(process.execPath, [cli, 'export', image], {
      stdio: ['ignore', openSync(archive, 'w'), 'pipe'],
    });
    expect({ code: ran.status, err: String(ran.stderr) }).toEqual({ code: 0, err: '' });
    const members = execFileSync('tar', ['-tf', archive], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
    expect(members.split('\n').length).toBe(checkImage('find', image).stdout.split('\n').length);
    const compared = spawnSync(
      'tar',
      ['--compare', '--numeric-owner', '-f', archive, '-C', builtImage('k3s-server.rootfs')],
      {
        encoding: 'utf8',
        env: { ...process.env, LC_ALL: 'C' },
      },
    );
    const differences = `${compared.stdout}${compared.stderr}`.split('\n').filter((line) => line !== '');
    // The build writes fstab again after mke2fs, which adds lost+found.
    expect(differences.filter((line) => !/^\.\/etc\/fstab: Mod time|^tar: \.\/lost\+found: /.test(line))).toEqual([]);
  });

  it('extract, with owners and all modes: the tree that tar makes of the export, but for device nodes', () => {
    const [extracted, unpacked] = [join(folder, 'extracted'), join(folder, 'unpacked')];
    expect(checkImage('extract', '--owner', '--special-modes', image, extracted).code).toBe(0);
    execFileSync('mkdir', [unpacked]);
    execFileSync('tar', ['-xpf', join(folder, 'export.tar'), '--numeric-owner', '-C', unpacked]);
    const wanted = describeTree(unpacked).filter((line) => !/^\S+ [cb] /.test(line));
    expect(describeTree(extracted)).toEqual(wanted);
  });
});
