import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { patchField } from '../../../src/bytes/struct.ts';
import { asImageError } from '../../../src/errors.ts';
import { indexHeader, ModuleIndex } from '../../../src/facts/kernel/module-index.ts';
import { canonicalModuleName, moduleNameOfFile } from '../../../src/facts/kernel/module-name.ts';
import { makeModuleIndex } from './make-module-index.ts';

const fixture = (name: string): Buffer => readFileSync(new URL(`../../fixtures/kernel/${name}`, import.meta.url));
const location = { source: 'image', path: '/usr/lib/modules/6.12/modules.dep.bin' };

/** What modprobe of Debian 13 loaded for each name, and finds by damaged copies of the index. */
const modprobe = JSON.parse(fixture('modprobe.json').toString()) as {
  readonly files: Readonly<Record<string, readonly string[]>>;
  readonly damaged: readonly {
    readonly title: string;
    readonly size?: number;
    readonly offset?: number;
    readonly bytes?: string;
    readonly finds: readonly string[];
  }[];
};
const names = Object.keys(modprobe.files);

/** The line of a module; undefined if it is not listed, or cannot be read. */
function ask(bytes: Uint8Array, name: string): string | undefined {
  try {
    const index = new ModuleIndex(bytes, location);
    const start = index.find(name);
    return start === undefined ? undefined : index.lineAt(start);
  } catch (thrown) {
    const { code, kind } = asImageError(thrown);
    expect(code).toBe(`module-index/${kind}`);
    return undefined;
  }
}

describe('modules.dep.bin of depmod', () => {
  const bytes = fixture('modules.dep.bin');

  test.each(names)('%s is found as by modprobe, with what it needs', (name) => {
    const [file, needed = ''] = ask(bytes, name)?.split(':') ?? [];
    const listed = [...needed.split(' ').filter((one) => one !== ''), ...(file === undefined ? [] : [file])];
    expect(listed.sort()).toEqual([...(modprobe.files[name] ?? [])].sort());
  });

  test('has the lines of modules.dep', () => {
    for (const line of fixture('modules.dep').toString().trimEnd().split('\n'))
      expect(ask(bytes, moduleNameOfFile(line.slice(0, line.indexOf(':'))) ?? '')).toBe(line);
  });

  test.each(modprobe.damaged)(
    '$title: finds what modprobe finds',
    ({ size = bytes.length, offset, bytes: hex, finds }) => {
      const damaged = Uint8Array.from(bytes.subarray(0, size));
      if (offset !== undefined && hex !== undefined) damaged.set(Buffer.from(hex, 'hex'), offset);
      expect(names.filter((name) => ask(damaged, name) !== undefined)).toEqual(finds);
    },
  );

  test('damaged anywhere, it lists or it does not', () => {
    let seed = 20250401;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
      return seed % below;
    };
    let lost = 0;
    for (let round = 0; round < 1500; round++) {
      const damaged = Uint8Array.from(bytes.subarray(0, random(4) === 0 ? random(bytes.length) : bytes.length));
      for (let i = random(12); i >= 0 && damaged.length > 0; i--) damaged[random(damaged.length)] = random(256);
      for (const name of names) if (modprobe.files[name]?.length && ask(damaged, name) === undefined) lost += 1;
    }
    expect(lost).toBeGreaterThan(1000);
  });
});

describe('what is no index', () => {
  const bytes = makeModuleIndex('a/loop.ko: b/x.ko\nb/x.ko:\n');
  const damage = (change: (bytes: Uint8Array) => Uint8Array | undefined) => {
    const copy = Uint8Array.from(bytes);
    const damaged = change(copy) ?? copy;
    return () => new ModuleIndex(damaged, location).find('loop');
  };

  test('as it was made', () => {
    expect(damage(() => undefined)()).toBeGreaterThan(0);
  });

  test.each<[string, (bytes: Uint8Array) => Uint8Array | undefined, object]>([
    [
      'shorter than a header',
      (all) => all.subarray(0, 11),
      { kind: 'truncated', message: 'it has 11 bytes, less than its header' },
    ],
    ['text', () => Buffer.from('kernel/loop.ko:\n'), { kind: 'corrupt', message: 'it begins with 0x6b65726e' }],
    ['of another version', (all) => void patchField(all, 0, indexHeader.version, 0x30001), { kind: 'unsupported' }],
    [
      'whose root lies behind its end',
      (all) => void patchField(all, 0, indexHeader.root, 0x20001000),
      { kind: 'truncated', location: { ...location, offset: 0x1000 } },
    ],
    [
      'whose children are out of order',
      (all) => void all.set([0x6d, 0x6c], new DataView(all.buffer).getUint32(8) & 0xfffffff),
      { kind: 'corrupt' },
    ],
  ])('%s', (_, change, error) => {
    expect(damage(change)).toThrow(expect.objectContaining(error) as Error);
  });

  test('a line without a file', () => {
    const named = makeModuleIndex('loop\n');
    expect(() => new ModuleIndex(named, location).find('loop')).toThrow('a line in it names no file');
  });

  test('names are bytes', () => {
    const odd = makeModuleIndex('kernel/nf-conntrack.ko:\n');
    expect(ask(odd, canonicalModuleName('nf-conntrack'))).toBe('kernel/nf-conntrack.ko:');
    expect(ask(odd, 'nf_conntracé')).toBeUndefined();
    expect(ask(odd, '')).toBeUndefined();
  });
});
