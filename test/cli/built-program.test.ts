/** The program as it is shipped: built, started as a process of its own, and lean where it must be. */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readableStack } from '../../src/cli/bug-report.ts';
import { checkImage } from './command-line.ts';

const project = resolve(import.meta.dirname, '../..');
let folder: string;
const cli = (): string => join(folder, 'cli.cjs');
const compiled = (): string => join(folder, 'compiled');

beforeAll(() => {
  // Below the project, so that the packages it leaves outside are found.
  folder = mkdtempSync(join(project, 'node_modules/.check-image-'));
  const built = spawnSync(process.execPath, [join(project, 'build.mjs'), folder], { encoding: 'utf8' });
  if (built.status !== 0) throw new Error(built.stderr);
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (...argv: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli(), ...argv], { encoding: 'utf8' });
  return { status, stdout, stderr };
};

describe('the built program', () => {
  it('tells its version', () => {
    expect(run('--version')).toEqual({ status: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/), stderr: '' });
  });

  it('is a program of its own, which needs no certificates', () => {
    // Node 20 says at every start that it cannot read them.
    const env = { ...process.env, NODE_EXTRA_CA_CERTS: join(folder, 'missing.crt') };
    const link = join(folder, 'check image');
    symlinkSync(cli(), link);
    const { status, stdout, stderr } = spawnSync(link, ['explain', 'K3S-SVC-07'], { encoding: 'utf8', env });
    expect({ status, stdout, stderr }).toEqual(run('explain', 'K3S-SVC-07'));
    expect([status, stderr]).toEqual([0, '']);
  });

  it('is ASCII, as its launcher reads it', () => {
    const [program = ''] = readdirSync(folder).filter((name) => /^program-.*\.cjs$/.test(name));
    expect(readFileSync(join(folder, program)).every((byte) => byte < 0x80)).toBe(true);
  });

  it('keeps what was compiled for a command, and takes it again', () => {
    rmSync(compiled(), { recursive: true, force: true });
    const first = run('explain', 'K3S-SVC-07');
    const [name = '', ...others] = readdirSync(compiled());
    expect([name.endsWith('-explain'), others]).toEqual([true, []]);
    const { mtimeMs } = statSync(join(compiled(), name));
    expect(run('explain', 'K3S-SVC-07')).toEqual(first);
    expect(statSync(join(compiled(), name)).mtimeMs).toBe(mtimeMs);
    for (const damage of [Buffer.alloc(0), Buffer.alloc(100_000), Buffer.alloc(100_000, 0xa5)]) {
      writeFileSync(join(compiled(), name), damage);
      expect(run('explain', 'K3S-SVC-07')).toEqual(first);
      expect(statSync(join(compiled(), name)).size).toBeGreaterThan(200_000);
    }
    rmSync(compiled(), { recursive: true });
    writeFileSync(compiled(), 'nothing can be kept here');
    expect(run('explain', 'K3S-SVC-07')).toEqual(first);
    rmSync(compiled());
  });

  it('keeps nothing of a command that could not do its work, and help apart from work', () => {
    rmSync(compiled(), { recursive: true, force: true });
    expect(run('explain', 'NO-SUCH-CHECK').status).toBe(2);
    expect(existsSync(compiled())).toBe(false);
    run('--version');
    run('explain', '--help');
    expect(readdirSync(compiled()).map((name) => name.replace(/^.*-/, ''))).toEqual(['help']);
  });

  it('tells where in the sources a bug is', () => {
    const [program = ''] = readdirSync(folder).filter((name) => /^program-.*\.cjs$/.test(name));
    const text = readFileSync(join(folder, program), 'utf8').split('\n');
    const line = text.findIndex((each) => each.includes('this is a bug'));
    const column = text[line]?.indexOf('this is a bug') ?? 0;
    const stack = `Error: x\n    at f (${pathToFileURL(join(folder, program))}:${line + 1}:${column + 1})\n    at node:internal/x:1:2`;
    expect(readableStack(stack)).toMatch(
      /^Error: x\n {4}at f \(src\/cli\/report-failure\.ts:\d+:\d+\)\n {4}at node:internal\/x:1:2$/,
    );
    expect(readableStack('Error: x\n    at file:///none.js:1:1')).toBe('Error: x\n    at file:///none.js:1:1');
  });

  it('ends with its exit code and one line for a file that is no image', () => {
    const image = join(folder, 'empty.img');
    writeFileSync(image, '');
    const ran = spawnSync(process.execPath, [cli(), image], { encoding: 'utf8' });
    expect([ran.status, ran.stdout]).toEqual([3, '']);
    expect(ran.stderr).toMatch(/^empty\.img: no verdict: [^\n]+\n$/);
  });

  it('says what it says without threads of an image that is damaged at its very end, or has no room to expand', async () => {
    const sound = readFileSync(join(project, 'samples/images/k3s-server.wic.zst'));
    const image = join(folder, 'damaged.wic.zst');
    const damaged = Buffer.from(sound);
    damaged.writeUInt8(damaged.readUInt8(damaged.length - 1) ^ 1, damaged.length - 1);
    for (const bytes of [damaged, sound.subarray(0, -3)]) {
      writeFileSync(image, bytes);
      for (const argv of [[image], ['ls', `${image}:/etc`]]) {
        const { code, out, err } = await checkImage(...argv);
        expect(code).toBe(3);
        expect(run(...argv)).toEqual({ status: code, stdout: out, stderr: err });
      }
    }
    writeFileSync(image, sound);
    const env = { ...process.env, TMPDIR: join(folder, 'missing') };
    const full = spawnSync(process.execPath, [cli(), image], { encoding: 'utf8', env });
    expect([full.status, full.stdout]).toEqual([3, '']);
    expect(full.stderr).toContain('TMPDIR');
  });

  it('judges several images at a time as it would one after the other', () => {
    const names = ['one', 'two', 'three', 'missing', 'four'];
    const images = names.map((name) => join(folder, 'images', name));
    for (const [i, image] of images.entries()) {
      if (image.endsWith('missing')) continue;
      mkdirSync(join(image, 'etc/systemd/system'), { recursive: true });
      for (const path of ['usr/bin', 'usr/lib/systemd/system']) mkdirSync(join(image, path), { recursive: true });
      writeFileSync(join(image, 'etc/os-release'), 'ID=debian\n');
      writeFileSync(join(image, 'etc/hostname'), `node${i % 2}\n`);
    }
    const contract = join(folder, 'site.yaml');
    writeFileSync(
      contract,
      'contract: s\nchecks: { S-1: { title: t, content: { path: /etc/hostname, value: { matches: node0 } } } }\n',
    );
    const judge = (...options: readonly string[]) => {
      const argv = [cli(), ...images, '--contract', contract, '--format', 'json', ...options];
      const { status, stdout, stderr } = spawnSync(process.execPath, argv, { encoding: 'utf8' });
      return { status, stderr, report: JSON.parse(stdout) };
    };
    const one = judge();
    expect([one.status, one.report.images.map(({ image }: { image: string }) => image)]).toEqual([1, names]);
    expect(judge('--jobs', '3')).toEqual(one);
  });

  it('compares two images, one of them in a thread', () => {
    const images = ['left', 'right'].map((name) => join(folder, 'sides', name));
    for (const image of images) {
      mkdirSync(join(image, 'usr/lib/systemd/system'), { recursive: true });
      for (const path of ['etc', 'usr/bin']) mkdirSync(join(image, path));
      writeFileSync(join(image, 'etc/os-release'), 'ID=debian\n');
      writeFileSync(join(image, 'etc/hostname'), `${image.endsWith('left') ? 'left' : 'right'}\n`);
    }
    const { status, stdout, stderr } = run('diff', ...images, '--only', 'system', '--format', 'json');
    expect([status, stderr]).toEqual([0, '']);
    const { changes } = JSON.parse(stdout) as {
      changes: readonly { name: string; a: { values: unknown }; b: { values: unknown } }[];
    };
    expect(changes.map(({ name, a, b }) => [name, a.values, b.values])).toEqual([['hostname', ['left'], ['right']]]);
  });

  it('keeps its exit code when the reader goes away', () => {
    const shell = `"${process.execPath}" "${cli()}" contract show k3s --json | head -c 1 >/dev/null; echo "\${PIPESTATUS[0]}"`;
    const ran = spawnSync('bash', ['-c', shell], { encoding: 'utf8' });
    expect([ran.stdout, ran.stderr]).toEqual(['0\n', '']);
  });
});
