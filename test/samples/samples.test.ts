/** What users copy: every file parses, every option in it exists, and what is a script runs, with a stand-in for the gate. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { parseWaivers } from '../../src/checks/waivers/parse-waivers.ts';
import { commands } from '../../src/cli/commands/registry.ts';
import { parseDifferences } from '../../src/diff/differences/parse-differences.ts';
import { reporters } from '../../src/report/registry.ts';

const samples = resolve(import.meta.dirname, '../../samples');
const text = (name: string): string => readFileSync(join(samples, name), 'utf8');
const files = readdirSync(samples, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && !entry.name.endsWith('.zst'))
  .map((entry) => relative(samples, join(entry.parentPath, entry.name)));

let folder: string;
const at = (name: string): string => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'check-image-'));
  for (const one of ['bin', 'deploy', 'reports']) mkdirSync(at(one));
  // Writes down how it was called, and ends as the name of the image says.
  writeFileSync(
    at('bin/check-image'),
    '#!/bin/sh\necho "$*" >> "$CALLS"\ncase "$1" in *bad*) exit 1 ;; *cut*) exit 3 ;; *broken*) exit 70 ;; esac\n',
  );
  chmodSync(at('bin/check-image'), 0o755);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function runScript(script: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const calls = at('calls');
  rmSync(calls, { force: true });
  const env = { PATH: `${at('bin')}:${process.env.PATH}`, CALLS: calls, ...environment };
  const { status, stderr } = spawnSync('sh', ['-c', script, 'sh', ...args], { env, encoding: 'utf8' });
  return { status, stderr, calls: existsSync(calls) ? readFileSync(calls, 'utf8').trimEnd().split('\n') : [] };
}

describe('samples', () => {
  it.each(readdirSync(samples).filter((name) => name !== 'images'))('%s has a README', (name) => {
    expect(existsSync(join(samples, name, 'README.md'))).toBe(true);
  });

  it.each(files.filter((name) => /\.ya?ml$/.test(name)))('%s is YAML', (name) => {
    const documents = parseAllDocuments(text(name));
    expect(documents.length).toBeGreaterThan(0);
    expect(documents.flatMap(({ errors, warnings }) => [...errors, ...warnings])).toEqual([]);
  });

  it('use options and formats that exist', () => {
    const program = new Command();
    for (const { declare } of commands) declare(program, async () => {});
    const others = program.commands.filter((one) => ['merge', 'diff', 'inspect'].includes(one.name()));
    const known = new Set([...program.options, ...others.flatMap(({ options }) => options)].map(({ long }) => long));
    const calls = files.flatMap((name) => {
      const joined = text(name)
        .replace(/\\\n\s*/g, ' ')
        .replace(/\n\s+(?=--output)/g, ' ');
      return [...joined.matchAll(/(?:check-image|\$\{CHECK_IMAGE\}) (?=[^\n]*--)[^\n`|]*/g)].map(([call]) => ({
        name,
        call,
      }));
    });
    const gate = calls.filter(({ call }) => !/podman|docker|contract (?:validate|show)/.test(call));
    expect(gate.length).toBeGreaterThan(5);
    const wrong = gate.flatMap(({ name, call }) => {
      const options = [...call.matchAll(/ (--[a-z-]+)/g)].flatMap(([, option = '']) =>
        known.has(option) ? [] : [option],
      );
      const formats = [...call.matchAll(/(?:--output "?|--format )([a-z]+)/g)].flatMap(([, format = '']) =>
        format in reporters ? [] : [format],
      );
      return [...options, ...formats].map((what) => `${name}: ${what}`);
    });
    expect(wrong).toEqual([]);
  });

  it('have differences that can be read', () => {
    expect(parseDifferences(text('diff/differences.yaml'), 'differences.yaml').differences).toHaveLength(3);
  });

  it('have waivers that can be read', () => {
    expect(parseWaivers(text('waivers/waivers.yaml'), 'waivers.yaml')).toHaveLength(2);
  });
});

describe('the ISAR class', () => {
  const recipe = text('isar/check-image.bbclass');
  const body = /^do_check_image\(\) \{\n(.*?)^\}/ms.exec(recipe)?.[1] ?? '';
  const run = (variables: Readonly<Record<string, string>>) => {
    const defaults = [...recipe.matchAll(/^([A-Z_]+) \?= "(.*)"$/gm)].map(([, name = '', value = '']) => [name, value]);
    const all: Record<string, string> = {
      ...Object.fromEntries(defaults),
      DEPLOY_DIR_IMAGE: at('deploy'),
      IMAGE_FSTYPES: 'wic ext4',
      DISTRO_ARCH: 'amd64',
      ...variables,
    };
    // BitBake puts values in, defaults within defaults too.
    const expand = (given: string): string =>
      given.replace(/\$\{([A-Z_]+)\}/g, (_, name: string) => expand(all[name] ?? ''));
    return runScript(`set -e\nbbfatal() { echo "$*" >&2; exit 1; }\n${expand(body)}`, []);
  };

  it('is a task between the image and its deployment, without network or root', () => {
    expect(recipe).toMatch(/^addtask check_image after do_image before do_deploy$/m);
    expect(recipe).not.toMatch(/\[network\]|sudo|fakeroot/);
  });

  it('judges every image of the recipe, and leaves the reports beside them', () => {
    for (const type of ['wic', 'ext4', 'tar']) writeFileSync(at(`deploy/node.${type}`), '');
    const given = {
      CHECK_IMAGE_WAIVERS: '/w.yaml',
      CHECK_IMAGE_SET: 'role=agent environment=test',
      CHECK_IMAGE_LINT: 'default,hardening',
    };
    const { status, calls } = run({ IMAGE_FULLNAME: 'node', ...given });
    expect(status).toBe(0);
    const report = at('deploy/node.check-image');
    expect(calls).toEqual([
      `${at('deploy/node.wic')} ${at('deploy/node.ext4')} --set role=agent --set environment=test ` +
        '--lint=default,hardening --waivers /w.yaml ' +
        '--contract k3s --fail-on must ' +
        `--output json=${report}.json --output junit=${report}.xml --output sarif=${report}.sarif --output html=${report}.html`,
    ]);
  });

  it.each([
    ['bad', 'check-image: the contract does not hold, see '],
    ['cut', 'check-image: no verdict, evidence could not be read, see '],
    ['broken', 'check-image: ended with 70'],
    ['missing', 'check-image: no image of missing in '],
  ])('fails the build of %s', (name, message) => {
    if (name !== 'missing') writeFileSync(at(`deploy/${name}.wic`), '');
    const { status, stderr } = run({ IMAGE_FULLNAME: name });
    expect([status, stderr]).toEqual([1, expect.stringContaining(message)]);
  });
});

describe('the Kubernetes Job', () => {
  const run = (index: number, ...names: readonly string[]) => {
    const images = mkdtempSync(at('images-'));
    for (const name of names) writeFileSync(join(images, name), '');
    const { status, calls } = runScript(text('kubernetes/check-images.sh'), [images, at('reports'), '2'], {
      JOB_COMPLETION_INDEX: String(index),
    });
    return { status, calls };
  };

  it('gives each pod its part', () => {
    const names = ['a.wic', 'b.wic.zst', 'c.wic', 'd.txt'];
    for (const index of [0, 1]) {
      const { status, calls } = run(index, ...names);
      expect(status).toBe(0);
      expect(calls).toHaveLength(1);
      const files = [`json=${at('reports')}/part-${index}.json`, `junit=${at('reports')}/part-${index}.xml`];
      expect(calls[0]?.replace(/\S*\/images-\w+\//g, '')).toBe(
        `a.wic b.wic.zst c.wic --shard ${index + 1}/2 --jobs auto --output ${files[0]} --output ${files[1]}`,
      );
    }
  });

  it.each([
    [0, ['a.wic', 'b.wic']],
    [1, ['a-bad.wic', 'b.wic']],
    [3, ['a-cut.wic']],
    [70, ['a-broken.wic']],
    [3, []],
  ])('ends with %i, as the gate does, and with 3 where there is nothing to judge', (status, names) => {
    expect(run(0, ...names).status).toBe(status);
  });
});
