import { describe, expect, it } from 'vitest';
import { ImageError } from '../../../src/errors.ts';
import { binaryReader } from '../../../src/facts/elf/binary-reader.ts';
import type { FactContext } from '../../../src/facts/fact.ts';
import { MemoryFileSystem, type MemoryTree } from '../../../src/filesystems/memory.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { RootView } from '../../../src/root/root-view.ts';
import { elfBytes } from './fixtures.ts';

function read(tree: MemoryTree, path: string) {
  const view = new RootView([{ path: '/', fileSystem: new MemoryFileSystem(tree) }], defaultLimits);
  const context: FactContext = {
    image: { label: 'image', sideFiles: [] },
    share: (_name, make) => make(),
    get: () => {
      throw new Error('binary needs no other fact');
    },
  };
  return binaryReader.read(view, context, path);
}

const text = (...lines: string[]): string => `${lines.join('\n')}\n`;
const padded = (before: number, version: string, after: string): Uint8Array => {
  const bytes = elfBytes('static');
  const result = new Uint8Array(bytes.length + before + version.length + after.length + 16);
  result.set(bytes);
  result.set(Buffer.from(version + after), bytes.length + before);
  return result;
};

describe('what stands at a path', () => {
  it.each<[string, string | Uint8Array, string]>([
    ['a program', elfBytes('pie'), 'elf'],
    ['a script', '#!/bin/sh\nexit 0\n', 'script'],
    ['nothing at all', '', 'empty'],
    ['the page of a failed download', '\n<!DOCTYPE html>\n<html><body>404', 'html'],
    ['a page without a declaration', '<html lang="en">', 'html'],
    ['a line of text', 'Not Found\n', 'text'],
    ['other bytes', Uint8Array.of(0x1f, 0x8b, 8, 0), 'data'],
  ])('%s', (_what, content, kind) => {
    const { value, gaps } = read({ '/usr/bin/k3s': content }, '/usr/bin/k3s');
    expect([value.state, value.kind, value.size, gaps]).toEqual(['present', kind, content.length, []]);
  });

  it('says the interpreter of a script', () => {
    expect(read({ '/a': '#! /usr/bin/env  bash \nx' }, '/a').value.shebang).toBe('/usr/bin/env  bash');
  });

  it('tells missing, dangling, not a file and unreadable apart', () => {
    const tree: MemoryTree = {
      '/a': { link: 'nowhere' },
      '/d': { directory: true },
      '/bad': { error: new ImageError('corrupt', 'ext4/bad-block', 'a bad block') },
      '/cut': elfBytes('pie').subarray(0, 100),
    };
    expect(read(tree, '/none').value).toMatchObject({ state: 'missing', reason: 'missing' });
    expect(read(tree, '/a').value).toMatchObject({ state: 'missing', reason: 'dangling' });
    expect(read(tree, '/d').value).toMatchObject({ state: 'present', kind: 'not-a-file' });
    for (const path of ['/bad', '/cut']) {
      const { value, gaps } = read(tree, path);
      expect(value.state).toBe('unreadable');
      expect(gaps.map(({ cause }) => cause.level)).toEqual(['damage']);
    }
  });

  it('follows links and says where the file is', () => {
    const { value } = read(
      { '/usr/bin/k3s': elfBytes('go-arm64'), '/usr/bin/kubectl': { link: 'k3s' } },
      '/usr/bin/kubectl',
    );
    expect(value).toMatchObject({ elf: { architecture: 'arm64' }, location: { path: '/usr/bin/k3s' } });
  });
});

describe('the k3s version', () => {
  const version = (bytes: Uint8Array, name = 'k3s') =>
    read({ [`/usr/bin/${name}`]: bytes }, `/usr/bin/${name}`).value.k3sVersion;

  it('is what the linker was told', () => {
    expect(version(elfBytes('go-amd64'), 'any')).toMatchObject({ text: 'v1.32.5+k3s1', from: 'ldflags' });
  });

  it('is in the bytes of a program whose flags were trimmed away', () => {
    expect(version(elfBytes('go-trimmed'))).toMatchObject({ text: 'v1.32.5+k3s1', from: 'string' });
  });

  it.each([
    ['at the end of one step of the search', (4 << 20) - 6],
    ['across two steps', (4 << 20) - 10],
  ])('is found %s', (_what, before) => {
    const at = before - elfBytes('static').length;
    expect(version(padded(at, 'v1.35.0-rc1+k3s3', ''))).toMatchObject({
      text: 'v1.35.0-rc1+k3s3',
      location: { path: '/usr/bin/k3s', offset: before },
    });
  });

  it('prefers a string that stands alone over one in a run of constants', () => {
    expect(version(padded(4, 'abcv1.9.9+k3s1zzz\0v1.32.5+k3s1', '\0'))?.text).toBe('v1.32.5+k3s1');
    expect(version(padded(4, 'abcv1.9.9+k3s1zzz', ''))?.text).toBe('v1.9.9+k3s1');
  });

  it('is not looked for in other programs, nor made of other text', () => {
    expect(version(padded(4, 'v1.32.5+k3s1', ''), 'dash')).toBeUndefined();
    expect(version(padded(4, '+k3s1 v1.32+k3s1 1.2.3+k3s', ''))).toBeUndefined();
  });
});

describe('wrappers', () => {
  const store = '/nix/store/abc-k3s-1.31.4+k3s1/bin';

  it('follows a shell wrapper to the program', () => {
    const script = text(
      '#! /nix/store/x-bash/bin/bash -e',
      'PATH=/nix/store/y-kmod/bin:$PATH',
      `exec -a "$0" "${store}/.k3s-wrapped"  "$@" `,
    );
    const { value } = read(
      { [`${store}/k3s`]: script, [`${store}/.k3s-wrapped`]: elfBytes('go-trimmed') },
      `${store}/k3s`,
    );
    expect(value).toMatchObject({
      kind: 'elf',
      shebang: '/nix/store/x-bash/bin/bash -e',
      wraps: [`${store}/.k3s-wrapped`],
      elf: { architecture: 'amd64' },
      k3sVersion: { text: 'v1.32.5+k3s1', location: { path: `${store}/.k3s-wrapped` } },
      location: { path: `${store}/k3s` },
    });
  });

  it('follows a compiled wrapper by the command it carries', () => {
    const wrapper = padded(8, `\n# \n\nmakeCWrapper '${store}/.k3s-wrapped' \\\n    --inherit-argv0\n`, '\0');
    const { value } = read(
      { [`${store}/k3s`]: wrapper, [`${store}/.k3s-wrapped`]: elfBytes('go-arm64') },
      `${store}/k3s`,
    );
    expect(value).toMatchObject({ wraps: [`${store}/.k3s-wrapped`], elf: { architecture: 'arm64' } });
  });

  it('says what is missing, and stops in a circle', () => {
    const script = (target: string) => text('#!/bin/sh', `exec "${target}" "$@"`);
    const lost = read({ '/a': script('/nix/store/gone/bin/k3s') }, '/a').value;
    expect(lost).toMatchObject({ kind: 'script', wraps: ['/nix/store/gone/bin/k3s'] });
    expect(lost.reason).toContain('/nix/store/gone/bin/k3s, which is not in the image');
    const circle = { '/nix/store/a': script('/nix/store/b'), '/nix/store/b': script('/nix/store/a') };
    expect(read(circle, '/nix/store/a').value).toMatchObject({
      kind: 'script',
      wraps: ['/nix/store/b', '/nix/store/a'],
    });
  });

  it('leaves ordinary scripts alone', () => {
    expect(read({ '/a': text('#!/bin/sh', 'exec /usr/bin/true') }, '/a').value.wraps).toBeUndefined();
  });
});
