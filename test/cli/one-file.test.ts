/** The program as one file: the same bytes from the same sources, and all of it works where nothing else is. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const project = resolve(import.meta.dirname, '../..');
let folder: string;
const at = (name: string): string => join(folder, name);
const sha256 = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

function bundle(from: string, to: string): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(from, 'bundle.mjs'), to], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

/** In a folder with nothing but the file, and an environment with nothing but a PATH. */
function run(...argv: readonly string[]) {
  const env = { PATH: process.env.PATH };
  return spawnSync(process.execPath, [at('alone/check-image.mjs'), ...argv], {
    encoding: 'utf8',
    env,
    cwd: at('alone'),
  });
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'check-image-'));
  bundle(project, at('alone/check-image.mjs'));
  copyFileSync(join(project, 'samples/images/k3s-server.wic.zst'), at('node.wic.zst'));
  copyFileSync(join(project, 'samples/contracts/minimal-node.yaml'), at('node.yaml'));
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the program of one file', () => {
  it('is the same wherever and whenever it is built', () => {
    const copy = at('elsewhere');
    mkdirSync(copy);
    for (const name of [
      'src',
      'schemas',
      'package.json',
      'tsconfig.json',
      'bundle.mjs',
      'build-packages.mjs',
      'build-plugin.mjs',
    ])
      cpSync(join(project, name), join(copy, name), { recursive: true });
    symlinkSync(join(project, 'node_modules'), join(copy, 'node_modules'));
    const said = bundle(copy, at('again.mjs'));
    const hash = sha256(at('alone/check-image.mjs'));
    expect(sha256(at('again.mjs'))).toBe(hash);
    expect(said).toBe(`${hash}  ${at('again.mjs')}\n`);
  });

  it('imports nothing but what Node has', () => {
    const text = readFileSync(at('alone/check-image.mjs'), 'utf8');
    const imported = [...text.matchAll(/(?:^|;)import\b[^;'"()]*?["']([^"']+)["'](?=;|$)/gm)].map(
      ([, name = '']) => name,
    );
    expect(imported.length).toBeGreaterThan(3);
    expect(imported.filter((name) => !builtinModules.includes(name.replace(/^node:/, '')))).toEqual([]);
    expect(text).not.toContain(project);
  });

  it('judges a zstd image, in threads too, by the built-in contract and by a file', () => {
    const one = run(at('node.wic.zst'), at('node.wic.zst'), '--format', 'json');
    expect([one.status, one.stderr]).toEqual([0, '']);
    expect(run(at('node.wic.zst'), at('node.wic.zst'), '--format', 'json', '--jobs', '2')).toEqual({
      ...one,
      pid: expect.any(Number),
    });
    const own = run('--contract', at('node.yaml'), at('node.wic.zst'));
    expect(own.stderr).toBe('');
    expect(own.stdout).toContain('contract minimal-node 1');
  });

  it('compares images in threads of its own', () => {
    const { status, stderr } = run('diff', at('node.wic.zst'), at('node.wic.zst'));
    expect([status, stderr]).toEqual([0, '']);
  });

  it('carries the licences of what is in it', () => {
    const text = readFileSync(at('alone/check-image.mjs'), 'utf8');
    for (const name of ['commander', 'yaml', 'zstddec']) expect(text).toMatch(new RegExp(`^(?:/\\*)?${name} \\d`, 'm'));
    expect(run('--version').stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    writeFileSync(at('empty.img'), '');
    expect(run(at('empty.img')).status).toBe(3);
  });
});
