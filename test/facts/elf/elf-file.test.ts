import { describe, expect, it } from 'vitest';
import { MemorySource } from '../../../src/bytes/memory-source.ts';
import { patchField } from '../../../src/bytes/struct.ts';
import { ImageError } from '../../../src/errors.ts';
import { debianArchitecture } from '../../../src/facts/elf/debian-architecture.ts';
import { readElfFact } from '../../../src/facts/elf/elf-fact.ts';
import { detectElf, type ElfHeader, openElf } from '../../../src/facts/elf/elf-file.ts';
import { elfFields, fileHeader, programHeader } from '../../../src/facts/elf/elf-structures.ts';
import { readGoBuildInfo } from '../../../src/facts/elf/go-build-info.ts';
import { elfBytes, recordedElfs } from './fixtures.ts';

const open = (bytes: Uint8Array) => openElf(new MemorySource(bytes, 'x'));
const names = Object.keys(recordedElfs);

describe.each(names)('%s', (name) => {
  const recorded = recordedElfs[name];
  if (!recorded) throw new Error(`no record of ${name}`);

  it('reads as readelf and file say', () => {
    const fact = readElfFact(open(elfBytes(name)), undefined);
    expect({
      class: String(fact.class),
      data: fact.endianness,
      machine: fact.machine,
      interpreter: fact.interpreter,
      needed: fact.needed,
      soname: fact.soname,
      rpath: fact.rpath,
      runpath: fact.runpath,
      buildId: fact.buildId,
    }).toEqual({
      class: recorded.class,
      data: recorded.data,
      machine: recorded.machine,
      interpreter: recorded.interpreter,
      needed: recorded.needed,
      soname: recorded.soname,
      rpath: recorded.rpath,
      runpath: recorded.runpath,
      buildId: recorded.buildId,
    });
    if (recorded.type === 'REL') expect(fact.type).toBe('relocatable');
    else expect(fact.linkage).toBe(recorded.linkage === 'dynamically' ? 'dynamic' : 'static');
  });

  it('has the sections and segments that readelf lists', () => {
    const elf = open(elfBytes(name));
    const sections = elf.sections.filter((section) => section.name !== '');
    expect(sections.map((section) => `${section.name} ${section.offset} ${section.size}`)).toEqual(recorded.sections);
    expect(elf.segments.map(({ offset, fileSize }) => `${offset} ${fileSize}`)).toEqual(recorded.segments);
  });

  it('has the build information that go prints', () => {
    const info = readGoBuildInfo(open(elfBytes(name)))?.info;
    const go = recorded.go;
    expect(info?.version).toBe(go?.[0]);
    if (!info || !go) return;
    const fields = go.slice(1).map((line) => line.split('\t'));
    const of = (kind: string) => fields.filter((field) => field[0] === kind);
    expect(info.path).toBe(of('path')[0]?.[1]);
    expect(info.module).toEqual({ path: of('mod')[0]?.[1], version: of('mod')[0]?.[2] });
    // go prints the settings quoted as they are stored: only the linker flags need it.
    const settings = of('build').map(([, setting = '']) => setting.split(/=(.*)/s) as [string, string]);
    expect(Object.keys(info.settings)).toEqual(settings.map(([key]) => key));
    const plain = settings.filter(([, value]) => !value.startsWith('"') && !value.startsWith('`'));
    expect(plain.map(([key]) => info.settings[key])).toEqual(plain.map(([, value]) => value));
    const quoted = settings.filter(([, value]) => value.startsWith('"'));
    expect(quoted.map(([key]) => info.settings[key])).toEqual(quoted.map(([, value]) => JSON.parse(value)));
  });
});

describe('kinds of programs', () => {
  it.each([
    ['pie', 'executable', 'dynamic'],
    ['exec', 'executable', 'dynamic'],
    ['static', 'executable', 'static'],
    ['static-pie', 'executable', 'static'],
    ['shared', 'shared', 'dynamic'],
    ['shared-bare', 'shared', 'dynamic'],
  ])('%s is %s, %s', (name, type, linkage) => {
    expect(readElfFact(open(elfBytes(name)), undefined)).toMatchObject({ type, linkage });
  });
});

describe('debianArchitecture', () => {
  it.each([
    ['go-amd64', 'amd64'],
    ['go-arm64', 'arm64'],
    ['go-386', 'i386'],
    ['go-arm', 'armhf'],
    ['go-riscv64', 'riscv64'],
    ['go-ppc64', 'ppc64'],
    ['go-ppc64le', 'ppc64el'],
    ['go-s390x', 's390x'],
    ['go-mips', 'mips'],
    ['go-mips64le', 'mips64el'],
  ])('%s: %s', (name, architecture) => {
    expect(debianArchitecture(open(elfBytes(name)).header)).toBe(architecture);
  });

  it.each<[Partial<ElfHeader>, string]>([
    [{ machine: 62, class: 32 }, 'x32'],
    [{ machine: 40, class: 32, flags: 0x5000200 }, 'armel'],
    [{ machine: 40, class: 32, flags: 0x5000400 }, 'armhf'],
    [{ machine: 8, class: 32, flags: 0x20 }, 'mipsn32el'],
    [{ machine: 258, class: 64 }, 'loong64'],
    [{ machine: 183, class: 64, endianness: 'big' }, 'unknown'],
    [{ machine: 9999, class: 64 }, 'unknown'],
  ])('%o: %s', (header, architecture) => {
    const rest = { class: 64, endianness: 'little', type: 2, machine: 0, flags: 0, entry: 0 } as const;
    expect(debianArchitecture({ ...rest, ...header })).toBe(architecture);
  });
});

describe('damage', () => {
  const header = elfFields(fileHeader, 64, 'little');
  const codeOf = (bytes: Uint8Array): string => {
    try {
      const elf = open(bytes);
      readElfFact(elf, readGoBuildInfo(elf));
      return `${elf.sections.length} sections`;
    } catch (error) {
      if (!(error instanceof ImageError)) throw error;
      return error.code;
    }
  };

  it.each<[keyof typeof fileHeader, number, string]>([
    ['e_phentsize', 32, 'elf/bad-entry-size'],
    ['e_shentsize', 0, 'elf/bad-entry-size'],
    ['e_phoff', 0x7fffffff, 'elf/headers-outside'],
    ['e_shoff', 0x7fffffff, 'elf/headers-outside'],
    ['e_phnum', 0xfff0, 'elf/headers-outside'],
    ['e_shnum', 0xfeff, 'elf/headers-outside'],
    ['e_shstrndx', 0xfe00, 'elf/bad-names-section'],
  ])('%s = %d: %s', (field, value, code) => {
    const bytes = elfBytes('pie');
    patchField(bytes, 0, header[field], value);
    expect(codeOf(bytes)).toBe(code);
  });

  it('refuses counts in a section 0 that is not there', () => {
    const bytes = elfBytes('go-sectionless');
    patchField(bytes, 0, header.e_phnum, 0xffff);
    expect(codeOf(bytes)).toBe('elf/no-section-zero');
  });

  it('reads what runs although the sections are damaged', () => {
    const bytes = elfBytes('go-amd64');
    patchField(bytes, 0, header.e_shstrndx, 0xfe00);
    const elf = open(bytes);
    expect(readGoBuildInfo(elf)?.info.version).toBe(recordedElfs['go-amd64']?.go?.[0]);
    expect(readElfFact(elf, undefined).linkage).toBe('static');
  });

  it('takes the addresses of a kernel, which are beyond 2^53', () => {
    const bytes = elfBytes('exec');
    const fields = elfFields(programHeader, 64, 'little');
    patchField(bytes, 64, fields.p_vaddr, 0xffffffff81000000n);
    expect(open(bytes).segments[0]?.address).toBe(-0x7f000000);
  });

  it('is told apart from what only starts alike', () => {
    expect(detectElf(new MemorySource(Uint8Array.of(0x7f, 0x45, 0x4c, 0x46), 'x'))).toBe(false);
    expect(codeOf(elfBytes('pie').subarray(0, 40))).toBe('bytes/truncated');
    const bytes = elfBytes('pie');
    bytes[4] = 3;
    expect(codeOf(bytes)).toBe('elf/bad-class');
  });

  it.each(['pie', 'shared', 'go-pointers', 'go-sectionless', 'go-mips', 'object-extended'])(
    '%s, damaged in any way: an answer or an ImageError',
    (name) => {
      const original = elfBytes(name);
      let seed = 20260101;
      const random = (below: number): number => {
        seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
        return seed % below;
      };
      const interesting = [...original.keys()].filter((at) => at < 1024 || original[at] !== 0);
      const outcomes = new Set<string>();
      for (let round = 0; round < 300; round++) {
        const bytes = original.slice(0, round % 10 === 0 ? random(original.length) : original.length);
        for (let hits = 0; hits <= random(8); hits++) {
          const at = round % 2 === 0 ? random(1024) : (interesting[random(interesting.length)] as number);
          if (at < bytes.length) bytes[at] = random(3) === 0 ? 0xff : random(256);
        }
        outcomes.add(codeOf(bytes));
      }
      expect(outcomes.size).toBeGreaterThan(3);
    },
  );
});

it('reads firmware that lies where no number of JavaScript reaches, as the wide PA-RISC one of qemu', () => {
  const bytes = Uint8Array.from(elfBytes('go-s390x'));
  const view = new DataView(bytes.buffer);
  const plain = open(elfBytes('go-s390x'));
  view.setUint32(24, 0x3ffffff0);
  plain.segments.forEach((_, i) => {
    view.setUint32(64 + i * 56 + 16, 0x3ffffff0);
  });
  const moved = open(bytes);
  expect(moved.header.machine).toBe(22);
  const places = moved.segments.map(({ address, fileSize }) => moved.offsetOf(address, fileSize));
  expect(places).toEqual(plain.segments.map(({ address, fileSize }) => plain.offsetOf(address, fileSize)));
});
