/** The program as it is shipped: built, started as a process of its own, and lean where it must be. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readableStack } from '../../src/cli/bug-report.ts';

const project = resolve(import.meta.dirname, '../..');
let folder: string;
const cli = (): string => join(folder, 'cli.js');

beforeAll(() => {
  // Below the project, so that the packages it leaves outside are found.
  folder = mkdtempSync(join(project, 'node_modules/.check-image-'));
  const built = spawnSync(process.execPath, [join(project, 'build.mjs'), folder], { encoding: 'utf8' });
  if (built.status !== 0) throw new Error(built.stderr);
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Files that starting `entry` loads at once. */
function loadedBy(entry: string): readonly string[] {
  const files = new Set<string>();
  const todo = [entry];
  for (let file = todo.pop(); file !== undefined; file = todo.pop()) {
    if (files.has(file)) continue;
    files.add(file);
    const text = readFileSync(file, 'utf8');
    for (const [, target = ''] of text.matchAll(/(?:^|;)(?:import|export)\b[^;'"()]*?["'](\.[^"']+)["'](?=;|$)/gm))
      todo.push(join(dirname(file), target));
  }
  return [...files];
}

const sizeOf = (files: readonly string[]): number => files.reduce((sum, file) => sum + readFileSync(file).length, 0);

/** The chunk esbuild made of one module that is loaded on demand. */
function chunkOf(name: string): string {
  const found = new RegExp(`["']\\./(${name}-[A-Z0-9]+\\.js)["']`);
  const { stdout } = spawnSync('grep', ['-ohE', `\\./${name}-[A-Z0-9]+\\.js`, '-r', folder], { encoding: 'utf8' });
  const [match] = stdout.split('\n');
  expect(`"${match}"`).toMatch(found);
  return join(folder, match ?? '');
}

describe('the built program', () => {
  it('answers --version without loading the commands', () => {
    const ran = spawnSync(process.execPath, [cli(), '--version'], { encoding: 'utf8' });
    expect([ran.status, ran.stderr]).toEqual([0, '']);
    expect(ran.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(sizeOf(loadedBy(cli()))).toBeLessThan(8 * 1024);
  });

  it('tells where in the sources a bug is', () => {
    const stack = `Error: x\n    at ${pathToFileURL(cli())}:2:1200\n    at node:internal/x:1:2`;
    expect(readableStack(stack)).toMatch(
      /^Error: x\n {4}at src\/cli\/[a-z-]+\.ts:\d+:\d+\n {4}at node:internal\/x:1:2$/,
    );
    expect(readableStack('Error: x\n    at file:///none.js:1:1')).toBe('Error: x\n    at file:///none.js:1:1');
  });

  it('judges with the built-in contract without a parser of YAML or schemas', () => {
    const files = loadedBy(chunkOf('judge-images'));
    expect(files.length).toBeGreaterThan(1);
    const holding = (words: RegExp) => files.filter((file) => words.test(readFileSync(file, 'utf8')));
    expect(holding(/YAMLParseError|must match pattern/)).toEqual([]);
  });

  it('ends with its exit code and one line for a file that is no image', () => {
    const image = join(folder, 'empty.img');
    writeFileSync(image, '');
    const ran = spawnSync(process.execPath, [cli(), image], { encoding: 'utf8' });
    expect([ran.status, ran.stdout]).toEqual([3, '']);
    expect(ran.stderr).toMatch(/^empty\.img: no verdict: [^\n]+\n$/);
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

  it('keeps its exit code when the reader goes away', () => {
    const shell = `"${process.execPath}" "${cli()}" contract show k3s --json | head -c 1 >/dev/null; echo "\${PIPESTATUS[0]}"`;
    const ran = spawnSync('bash', ['-c', shell], { encoding: 'utf8' });
    expect([ran.stdout, ran.stderr]).toEqual(['0\n', '']);
  });
});
