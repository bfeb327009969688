/** Diffs of real nodes: exactly what was planted, each in its class; nothing between two builds of one; facts kept in place of an image. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changeClasses } from '../../src/diff/change.ts';
import { concerns } from '../../src/diff/portrait/registry.ts';
import { builtImage, checkImage } from './check-image.ts';
import { type Edit, type PlantedChange, plantedFacts, plantedFiles, plantedWaivers } from './diff-cases.ts';
import { Esp } from './esp.ts';
import { type Change, MutantDisk } from './mutant-disk.ts';

/** The root partition of the built disks starts behind the first MiB and the ESP. */
const rootOffset = 257 * 1024 * 1024;
const server = builtImage('k3s-server.wic');

interface ReportedChange {
  readonly class: string;
  readonly concern: string;
  readonly name: string;
  readonly field?: string;
  readonly a?: object;
}

interface Diffed {
  readonly code: number | null;
  /** `class concern name field`, sorted. */
  readonly lines: readonly string[];
}

function diff(...args: readonly string[]): Diffed {
  const { code, stdout, stderr } = checkImage('diff', ...args, '--format', 'json');
  if (stdout === '') throw new Error(`no report, exit ${code}: ${stderr}`);
  const { changes } = JSON.parse(stdout) as { changes: readonly ReportedChange[] };
  return { code, lines: changes.map(lineOf).sort() };
}

function lineOf({ class: kind, concern, name, field }: ReportedChange): string {
  return [kind, concern, name, ...(field === undefined || field === 'value' ? [] : [field])].join(' ');
}

/** All changes of the cases for one disk: the edits of one file become one new text. */
function changesOf(disk: MutantDisk, cases: readonly PlantedChange[]): readonly Change[] {
  const texts = new Map<string, string>();
  const changes: Change[] = [];
  for (const change of cases.flatMap((one) => one.changes)) {
    if ('edit' in change) texts.set(change.edit, edited(texts.get(change.edit) ?? disk.read(change.edit), change));
    else changes.push(change);
  }
  return [...changes, ...[...texts].map(([write, text]) => ({ write, text }))];
}

function edited(text: string, { edit, from, by }: Edit): string {
  if (text.split(from).length !== 2) throw new Error(`${edit} does not have ${JSON.stringify(from)} once`);
  return text.replace(from, by);
}

/** Runs `look` while the first partition has another identifier. */
function withPartitionUuid<T>(disk: string, look: () => T): T {
  const sgdisk = (...args: readonly string[]): string => {
    const ran = spawnSync('sgdisk', [...args, disk], { encoding: 'utf8' });
    if (ran.status !== 0) throw new Error(`sgdisk ${args.join(' ')}: ${ran.stderr}`);
    return ran.stdout;
  };
  const before = /unique GUID: ([0-9A-F-]{36})/.exec(sgdisk('-i', '1'))?.[1] ?? '';
  sgdisk('-u', '1:0F1E2D3C-4B5A-4978-8695-A4B3C2D1E0FF');
  try {
    return look();
  } finally {
    sgdisk('-u', `1:${before}`);
  }
}

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'check-image-diff-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }), 60_000);

describe('the server and a copy of it', () => {
  const disk = new MutantDisk(server, rootOffset);
  const esp = new Esp(disk.path, '1M');
  afterAll(() => {
    esp.close();
    disk.close();
  });

  it('with changes of every kind planted: exactly those, each in its class', () => {
    const waivers = join(folder, 'waivers.yaml');
    writeFileSync(waivers, plantedWaivers);
    const found = withPartitionUuid(disk.path, () =>
      disk.with(changesOf(disk, plantedFacts), () =>
        esp.with(
          plantedFacts.flatMap((one) => one.esp ?? []),
          () => diff('--waivers', waivers, server, disk.path),
        ),
      ),
    );
    expect(found.lines).toEqual(plantedFacts.map(({ finds }) => finds).sort());
    expect(found.code).toBe(1);
  });

  it('is told of in every concern, and in every class', () => {
    const words = plantedFacts.map(({ finds }) => finds.split(' '));
    expect(new Set(words.map(([kind]) => kind))).toEqual(new Set(changeClasses));
    expect(new Set(words.map(([, concern]) => concern))).toEqual(new Set(concerns.map(({ id }) => id)));
  });

  it('with a change of every kind in files: exactly those', () => {
    const found = disk.with(changesOf(disk, plantedFiles), () => diff('--only', 'files', server, disk.path));
    const isPlanted = (line: string): boolean => !/ times of modification$/.test(line);
    expect(found.lines.filter(isPlanted)).toEqual(plantedFiles.map(({ finds }) => finds).sort());
    expect(found.code).toBe(0);
  });

  it('with a check broken by a file: the file is to blame', () => {
    const planted = [{ changes: [{ chmod: '/usr/bin/k3s', mode: 0o644 } as const], finds: '' }];
    expect(disk.with(changesOf(disk, planted), () => diff('--files', server, disk.path)).lines).toContain(
      'breaking files /usr/bin/k3s mode',
    );
  });
});

describe('the server and the agent', () => {
  it('differ in files that their packages explain', () => {
    const { stdout } = checkImage('diff', '--only', 'files', server, builtImage('k3s-agent.wic'), '--format', 'json');
    const { changes } = JSON.parse(stdout) as { changes: readonly (ReportedChange & { listed?: string })[] };
    const explained = changes.filter(({ listed }) => listed?.startsWith('package '));
    expect(new Set(explained.map(({ listed }) => listed))).toEqual(
      new Set(['package k3s-agent', 'package k3s-server']),
    );
    expect(explained.map(lineOf)).toContain('intended files /usr/lib/systemd/system/k3s-agent.service');
  });
});

describe('the server and itself', () => {
  it.each(['k3s-server.wic.zst', 'k3s-server.wic.xz', 'k3s-server.wic.gz'])('as %s', (name) => {
    expect(diff('--files', server, builtImage(name))).toEqual({ code: 0, lines: [] });
  });

  it.each(['k3s-server.tar', 'k3s-server.rootfs'])('as a tree, as %s', (name) => {
    const { code, lines } = diff('--files', builtImage('k3s-server.ext4'), builtImage(name));
    expect({ code, lines: lines.filter((line) => !line.startsWith('noise ')) }).toEqual({ code: 0, lines: [] });
  });

  it('built again by mke2fs, with another identity and other times', () => {
    const again = join(folder, 'again.ext4');
    const made = spawnSync('mke2fs', ['-q', '-t', 'ext4', '-d', builtImage('k3s-server.rootfs'), again, '500M']);
    expect(made.status).toBe(0);
    const { code, lines } = diff('--files', builtImage('k3s-server.ext4'), again);
    expect({ code, lines: lines.filter((line) => !line.startsWith('noise ')) }).toEqual({ code: 0, lines: [] });
  });
});

describe('NixOS and Debian', () => {
  const nixos = join(import.meta.dirname, '../fixtures/nixos/disk.img.zst');

  it('differ in what was written down by hand, and in nothing else', () => {
    const expected = readFileSync(join(import.meta.dirname, 'nixos-debian.txt'), 'utf8');
    const wanted = expected.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    const { code, stdout } = checkImage('diff', nixos, server, '--format', 'json');
    const { changes } = JSON.parse(stdout) as { changes: readonly ReportedChange[] };
    expect(countedLines(changes).toSorted()).toEqual(wanted.sort());
    expect(code).toBe(0);
  });

  it('break the contract by what only a network profile asks for, if both are judged by one', () => {
    const { code, lines } = diff(nixos, server, '--set', 'network=simple');
    expect(lines.filter((line) => line.startsWith('breaking '))).toEqual([
      'breaking k3s --flannel-iface',
      'breaking network interface eth1',
    ]);
    expect(code).toBe(1);
  });

  it('have every difference of the contract that these two show', () => {
    const { stdout } = checkImage('diff', nixos, server, '--format', 'json');
    const { changes } = JSON.parse(stdout) as { changes: readonly { class: string; listed?: string }[] };
    const listed = new Set(changes.flatMap(({ class: kind, listed: id }) => (kind === 'intended' && id ? [id] : [])));
    for (const id of ['service-name', 'config-location', 'token-management', 'package-source'])
      expect(listed).toContain(id);
  });
});

/** A line each, but a count of the intended things that only one side has. */
function countedLines(changes: readonly ReportedChange[]): readonly string[] {
  const lines: string[] = [];
  const counts = new Map<string, number>();
  for (const change of changes) {
    const { class: kind, concern, field, a } = change;
    const what = `intended ${concern} only in ${a ? 'A' : 'B'}`;
    if (kind === 'intended' && field === undefined) counts.set(what, (counts.get(what) ?? 0) + 1);
    else lines.push(lineOf(change));
  }
  return [...lines, ...[...counts].map(([what, count]) => `${count} ${what}`)];
}

describe('facts', () => {
  it('kept of an image stand for it', () => {
    const saved = join(folder, 'server.json');
    writeFileSync(saved, checkImage('inspect', '--facts', server).stdout);
    expect(diff(saved, server)).toEqual({ code: 0, lines: [] });
    const agent = builtImage('k3s-agent.wic');
    expect(diff(saved, agent)).toEqual(diff(server, agent));
  });
});
