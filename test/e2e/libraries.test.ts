/**
 * The dynamic linker of the built server is asked what it loads for every object of its tree, and each answer is held against what
 * check-image works out from the files. The arm64 node has no machine to ask: its closures must be whole, by readelf's own list of needs.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FactStore } from '../../src/facts/fact-store.ts';
import { Objects } from '../../src/facts/libraries/linkage.ts';
import { loadProgram } from '../../src/facts/libraries/load-program.ts';
import { LoaderEnvironments } from '../../src/facts/libraries/loader-environments.ts';
import { defaultLimits } from '../../src/limits.ts';
import { type OpenedImage, openImage } from '../../src/root/open-image.ts';
import { builtImage } from './check-image.ts';
import { listObjects, type Traced, traceObjects } from './libraries/traced.ts';

const EM_X86_64 = 62;
const EM_AARCH64 = 183;
const loaderPath = '/lib64/ld-linux-x86-64.so.2';

describe('the server', () => {
  const tree = builtImage('k3s-server.rootfs');
  let image: OpenedImage;
  let traced: ReadonlyMap<string, Traced>;

  beforeAll(async () => {
    traced = traceObjects(tree, listObjects(tree, EM_X86_64));
    image = await openImage(builtImage('k3s-server.ext4'), { limits: defaultLimits });
  }, 120_000);
  afterAll(() => image?.close());

  it('loads every library from where its own linker does', () => {
    const environments = new LoaderEnvironments(new Objects(image.view));
    let answers = 0;
    const different: string[] = [];
    for (const [path, { libraries, errors }] of traced) {
      const at = environments.objects.at(path);
      if (at.state !== 'object') throw new Error(`${path} is not read as an object`);
      const found = environments.find(loaderPath, at.object);
      if (found.state !== 'found') throw new Error(`no linker for ${path}`);
      const { needs, problems, damage } = loadProgram({ object: at.object, path }, found.loader, found.environment, '');
      expect(damage).toEqual([]);
      const paths = new Map(needs.filter(({ found: by }) => by !== 'loader').map((need) => [need.name, need.path]));
      for (const [name, file] of libraries) {
        answers++;
        if (paths.get(name) !== file) different.push(`${path}: ${name} is ${file}, not ${paths.get(name)}`);
      }
      const missing = problems.filter(({ kind }) => kind === 'missing').map(({ subject }) => subject);
      const notFound = [...libraries].filter(([, file]) => file === undefined).map(([name]) => name);
      if (missing.sort().join() !== notFound.sort().join())
        different.push(`${path}: lacks ${notFound}, not ${missing}`);
      const isVersionMissing = errors.some((line) => line.includes('version'));
      if (problems.some(({ kind }) => kind === 'missing-version') !== isVersionMissing)
        different.push(`${path}: ${errors}`);
    }
    console.info(`${answers} libraries of ${traced.size} objects, ${different.length} answers differ`);
    expect(different).toEqual([]);
    expect(traced.size).toBeGreaterThan(800);
    expect(answers).toBeGreaterThan(2000);
  });
});

describe('the arm64 node', () => {
  const folder = mkdtempSync(join(tmpdir(), 'check-image-arm64-'));
  let image: OpenedImage;
  beforeAll(async () => {
    const disk = builtImage('k3s-server-arm64.ext4');
    const ran = spawnSync('debugfs', ['-R', `rdump /usr ${folder}`, disk], { encoding: 'utf8' });
    if (ran.status !== 0) throw new Error(ran.stderr);
    image = await openImage(disk, { limits: defaultLimits });
  }, 120_000);
  afterAll(() => {
    image?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('has every program with what readelf says it needs', () => {
    const facts = new FactStore(image.view, image.facts);
    const programs = listObjects(join(folder, 'usr'), EM_AARCH64).map((path) => `/usr${path}`);
    let compared = 0;
    for (const path of programs) {
      const { value, gaps } = facts.get('libraries', path);
      const [program] = value.programs;
      expect([path, gaps, program?.problems]).toEqual([path, [], []]);
      if (program?.linkage !== 'dynamic') continue;
      compared++;
      const listed = spawnSync('readelf', ['-d', join(folder, path)], { encoding: 'utf8' }).stdout;
      const needed = [...listed.matchAll(/\(NEEDED\)[^[]*\[([^\]]*)\]/g)].map(([, name]) => name);
      expect(program.needs.filter(({ by }) => by === path).map(({ name }) => name)).toEqual(needed);
      if (needed.length > 0) expect(program.loader).toEqual({ path: '/lib/ld-linux-aarch64.so.1', kind: 'glibc' });
    }
    expect(compared).toBeGreaterThan(300);
  });
});
