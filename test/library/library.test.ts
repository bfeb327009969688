/** The library as a package that is installed: its exports by name, its declarations, and the same answers as the command line. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { transformSync } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkImage } from '../cli/command-line.ts';

const project = resolve(import.meta.dirname, '../..');
let folder: string;
const at = (name: string): string => join(folder, name);
const node = (...args: readonly string[]) => spawnSync(process.execPath, args, { encoding: 'utf8', cwd: folder });

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'check-image-'));
  const installed = at('node_modules/check-image');
  mkdirSync(installed, { recursive: true });
  cpSync(join(project, 'package.json'), join(installed, 'package.json'));
  for (const [script, out] of [
    ['build.mjs', 'dist'],
    ['build-types.mjs', 'dist/types'],
  ] as const) {
    const made = node(join(project, script), join(installed, out));
    if (made.status !== 0) throw new Error(made.stderr);
  }
  mkdirSync(at('node_modules/@types'));
  symlinkSync(join(project, 'node_modules/@types/node'), at('node_modules/@types/node'));
  symlinkSync(join(project, 'node_modules/undici-types'), at('node_modules/undici-types'));
  for (const one of ['etc', 'usr/bin', 'usr/lib/systemd/system', 'sbin'])
    mkdirSync(at(`image/${one}`), { recursive: true });
  writeFileSync(at('image/etc/os-release'), 'ID=debian\nVERSION_ID=13\n');
  cpSync(at('image'), at('other'), { recursive: true });
  writeFileSync(at('other/etc/hostname'), 'other\n');
  writeFileSync(at('site.yaml'), 'contract: s\nchecks: { S-1: { title: t, file: { path: /etc/hostname } } }\n');
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const program = `
import { type CheckResult, type RunResult, diff, evaluate, formatLocation, ImageError, judge, listFacts, listFormats, loadContract,
  openFacts, openImage, parseReport, readFacts, render } from 'check-image';

const image = await openImage('image');
const facts = openFacts(image);
const { platform } = await readFacts(facts, ['platform']);
const name: string | undefined = platform?.value.platform;
const contract = await loadContract('./site.yaml');
const { results } = await evaluate(contract, facts, { set: new Map() });
const [first]: readonly CheckResult[] = results;
image.close();
const { changes } = await diff('image', 'other', contract);
const run: RunResult = await judge(['image', 'missing.wic'], contract, { failOn: 'must', jobs: 2 });
const again = parseReport(await render(run, 'json'), 'report.json');
let code = '';
try {
  await openImage('missing.wic');
} catch (error) {
  if (!(error instanceof ImageError)) throw error;
  code = error.code;
}
console.log(JSON.stringify({
  name, status: first?.verdict.status, at: first?.contract && formatLocation(first.contract), code, exit: run.exitCode,
  same: (await render(again, 'text')) === (await render(run, 'text')), facts: listFacts().length, formats: listFormats(), changed: changes.map(({ name }) => name),
}));
await render(run, 'text').then((text) => process.stdout.write(text));
`;

describe('the library', () => {
  it('answers as the command line does', async () => {
    writeFileSync(at('program.mjs'), transformSync(program, { loader: 'ts' }).code);
    const { status, stdout, stderr } = node('program.mjs');
    expect([status, stderr]).toEqual([0, '']);
    const [line = '', ...report] = stdout.split('\n');
    expect(JSON.parse(line)).toMatchObject({
      name: 'debian',
      status: 'fail',
      at: './site.yaml:2:11',
      code: 'host/enoent',
      exit: 1,
      same: true,
      changed: expect.arrayContaining(['S-1']),
    });
    const { out } = await checkImage(at('image'), at('missing.wic'), '--contract', at('site.yaml'), '--no-lint');
    expect(report.join('\n').replaceAll('./site', 'site')).toBe(out.replaceAll(`${folder}/`, ''));
  });

  it('is used by the sample as its README says', () => {
    cpSync(join(project, 'samples/library/judge.mjs'), at('judge.mjs'));
    const { status, stdout, stderr } = node('judge.mjs', 'image');
    expect([status, stderr]).toEqual([expect.any(Number), 'image: debian 13, k3s none\n']);
    expect(stdout).toMatch(/^<!doctype html>\n/);
  });

  it('has declarations that a strict compiler takes', () => {
    writeFileSync(at('program.mts'), program);
    const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2023', '--types', 'node'];
    const compiled = node(join(project, 'node_modules/typescript/bin/tsc'), ...options, 'program.mts');
    expect([compiled.status, compiled.stdout]).toEqual([0, '']);
    writeFileSync(at('wrong.mts'), program.replace("'platform'", "'plattform'"));
    expect(node(join(project, 'node_modules/typescript/bin/tsc'), ...options, 'wrong.mts').stdout).toContain(
      'plattform',
    );
  });
});
