import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openHostFile, readFolder, readHostLink, readSideFile, statHost } from '../../src/bytes/host-folder.ts';

let folder = '';
const odd = '\udcffodd\nname';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'check-image-test-'));
  mkdirSync(join(folder, 'sub'));
  writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), Buffer.of(0xff), Buffer.from('odd\nname')]), 'odd');
  symlinkSync('/nowhere', join(folder, 'link'));
  for (let i = 0; i < 200; i++) writeFileSync(join(folder, 'sub', `f${i}`), `content ${i}`);
  utimesSync(join(folder, 'sub/f0'), new Date(-1500), new Date(-1500));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('host folder', () => {
  it('lists names of any bytes with their types', () => {
    const entries = readFolder(folder).sort((a, b) => (a.name < b.name ? -1 : 1));
    expect(entries).toEqual([
      { name: 'link', type: 'symlink' },
      { name: 'sub', type: 'directory' },
      { name: odd, type: 'file' },
    ]);
    expect(Buffer.from(openHostFile(`${folder}/${odd}`).read(0, 3)).toString()).toBe('odd');
  });

  it('reads a link without following it', () => {
    expect(readHostLink(`${folder}/link`)).toBe('/nowhere');
    expect(statHost(`${folder}/link`)).toMatchObject({ type: 'symlink', size: 8 });
  });

  it('keeps times before 1970', () => {
    expect(statHost(`${folder}/sub/f0`).mtime).toEqual({ seconds: -2, nanoseconds: 500_000_000 });
  });

  it('decodes device numbers', () => {
    expect(statHost('/dev/null')).toMatchObject({ type: 'character', device: { major: 1, minor: 3 } });
  });

  it('has more files open than it holds descriptors', () => {
    const files = Array.from({ length: 200 }, (_, i) => openHostFile(`${folder}/sub/f${i}`));
    for (const round of [0, 1]) {
      files.forEach((file, i) => {
        expect(Buffer.from(file.read(round, 7)).toString()).toBe(`content ${i}`.slice(round, round + 7));
      });
    }
    for (const file of files) file.close();
  });

  it('refuses a file that was replaced by another or by a link', () => {
    writeFileSync(join(folder, 'a'), 'a');
    writeFileSync(join(folder, 'b'), 'b');
    const first = openHostFile(join(folder, 'a'));
    renameSync(join(folder, 'b'), join(folder, 'a'));
    expect(() => first.read(0, 1)).toThrow(expect.objectContaining({ code: 'host/replaced' }));
    const second = openHostFile(join(folder, 'a'));
    rmSync(join(folder, 'a'));
    symlinkSync('/etc/passwd', join(folder, 'a'));
    expect(() => second.read(0, 1)).toThrow(expect.objectContaining({ kind: 'input', code: 'host/eloop' }));
    rmSync(join(folder, 'a'));
  });

  it.each([
    ['list', () => readFolder(`${folder}/none`), 'host/enoent'],
    ['list a file', () => readFolder(`${folder}/sub/f1`), 'host/enotdir'],
    ['stat', () => statHost(`${folder}/none`), 'host/enoent'],
    ['read no link', () => readHostLink(`${folder}/sub`), 'host/einval'],
    ['open a directory', () => openHostFile(`${folder}/sub`), 'host/not-a-file'],
    ['open a link', () => openHostFile(`${folder}/link`), 'host/not-a-file'],
  ])('fails to %s as input', (_, run, code) => {
    expect(run).toThrow(expect.objectContaining({ name: 'ImageError', kind: 'input', code }));
  });

  it('reads a side file whole, or not at all', () => {
    expect(Buffer.from(readSideFile(`${folder}/sub/f7`, 100) ?? []).toString()).toBe('content 7');
    expect(readSideFile(`${folder}/none`, 100)).toBeUndefined();
    expect(() => readSideFile(`${folder}/sub/f7`, 8)).toThrow(expect.objectContaining({ kind: 'limit' }));
    expect(() => readSideFile(`${folder}/sub`, 8)).toThrow(expect.objectContaining({ code: 'host/not-a-file' }));
  });
});
