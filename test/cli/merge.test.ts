/** Shards and their merged reports against one run over the same images. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkImage } from './command-line.ts';

let folder: string;
const at = (name: string): string => join(folder, name);
const names = ['node-1', 'node-2', 'missing', 'node-3', 'node-4'];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'check-image-'));
  for (const [i, name] of names.entries()) {
    if (name === 'missing') continue;
    for (const one of ['etc/sysctl.d', 'usr/bin', 'usr/lib/systemd/system', 'sbin'])
      mkdirSync(at(`${name}/${one}`), { recursive: true });
    writeFileSync(at(`${name}/etc/os-release`), 'ID=debian\n');
    writeFileSync(at(`${name}/etc/sysctl.d/a.conf`), `vm.swappiness = ${i % 2}\nnet.ipv4.ip_forward = ${i % 3}\n`);
  }
  writeFileSync(
    at('site.yaml'),
    `contract: site
checks:
  S-1: { title: it does not swap, sysctl: { key: vm.swappiness, value: 0 } }
  S-2: { title: it forwards, severity: should, sysctl: { key: net.ipv4.ip_forward, value: 1 } }
`,
  );
  const waivers = ['S-1, image: node-2', 'S-2, image: node-*', 'S-1, image: other', 'S-*'].map(
    (scope, i) => `  - { reason: agreed, owner: me, expires: ${2998 + i}-12-31, rule: ${scope} }\n`,
  );
  writeFileSync(at('waivers.yaml'), `waivers:\n${waivers.join('')}`);
  await import('../../src/cli/commands/judge-images.ts');
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const judge = (...argv: readonly string[]) =>
  checkImage(...names.map(at), '--contract', at('site.yaml'), '--no-lint', ...argv);

async function writeShards(count: number, ...options: readonly string[]): Promise<readonly string[]> {
  const files = Array.from({ length: count }, (_, i) => at(`part-${i + 1}-of-${count}.json`));
  for (const [i, file] of files.entries())
    await judge('--shard', `${i + 1}/${count}`, '--quiet', '--output', `json=${file}`, ...options);
  return files;
}

describe('merge', () => {
  it.each([1, 2, 3, 5, 8])('makes of %i shards what one run says', async (count) => {
    const files = await writeShards(count);
    for (const format of ['json', 'text', 'junit', 'html']) {
      const one = await judge('--format', format);
      expect(await checkImage('merge', ...files.toReversed(), '--format', format)).toEqual(one);
    }
  });

  it('joins what is said of waivers, with their file and without', async () => {
    const options = ['--waivers', at('waivers.yaml'), '--strict', '--format', 'json'];
    const one = await judge(...options);
    expect(JSON.parse(one.out).upkeep).toHaveLength(1);
    const files = await writeShards(3, ...options);
    expect(await checkImage('merge', ...files, '--format', 'json')).toEqual(one);
    expect(await checkImage('merge', ...files, ...options)).toEqual(one);
  });

  it('takes a baseline of all images, which a part cannot write', async () => {
    const baseline = ['--baseline', at('baseline.json')];
    const files = await writeShards(2);
    expect((await judge('--shard', '1/2', '--update-baseline', ...baseline)).code).toBe(2);
    expect((await checkImage('merge', ...files, ...baseline, '--update-baseline')).code).toBe(3);
    const written = readFileSync(at('baseline.json'), 'utf8');
    rmSync(at('baseline.json'));
    await judge('--update-baseline', ...baseline);
    expect(readFileSync(at('baseline.json'), 'utf8')).toBe(written);
  });

  it('ends with 2 for what is no report, and for parts that are missing', async () => {
    const [first = '', second = ''] = await writeShards(3);
    expect(await checkImage('merge', at('site.yaml'))).toMatchObject({
      code: 2,
      err: expect.stringContaining('no JSON'),
    });
    expect(await checkImage('merge', at('none.json'))).toMatchObject({ code: 2, out: '' });
    expect(await checkImage('merge', first, second)).toMatchObject({
      code: 2,
      err: 'check-image: the report of part 3 of 3 is missing\n',
    });
  });

  it('needs to be told what fails the run where the reports differ', async () => {
    const [first, other] = [at('lax.json'), at('strict.json')];
    await judge('--quiet', '--output', `json=${first}`);
    await judge('--strict', '--quiet', '--output', `json=${other}`);
    expect((await checkImage('merge', first, other)).err).toContain('say it with --fail-on');
    expect((await checkImage('merge', first, other, '--fail-on', 'must')).code).toBe(1);
  });
});
