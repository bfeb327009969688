/**
 * What two ELF files say differently: architecture, build id, the version that Go or a kernel module keeps, libraries, and
 * the sections by their sizes or, where these are the same, by the first byte that differs.
 */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { decodeBytes } from '../../bytes/names.ts';
import { asImageError } from '../../errors.ts';
import { debianArchitecture } from '../elf/debian-architecture.ts';
import { readDynamicSection } from '../elf/dynamic.ts';
import { type ElfFile, openElf, type Section, SHT_NOBITS } from '../elf/elf-file.ts';
import { readGoBuildInfo } from '../elf/go-build-info.ts';
import { k3sVersionOf } from '../elf/k3s-version.ts';
import { readBuildId } from '../elf/notes.ts';
import { findDifference } from './compare-content.ts';
import type { TreeField } from './tree-difference.ts';

/** Sections that are named one by one. */
const MAX_SECTIONS = 200;
/** Bytes of what a kernel module says of itself. */
const MAX_MODINFO = 64 * 1024;

/** Throws ImageError if one of them is no sound ELF file. */
export function compareElf(a: ByteSource, b: ByteSource): readonly TreeField[] {
  const [ours, theirs] = [openElf(a), openElf(b)];
  const said = joinFields(describeElf(ours), describeElf(theirs));
  const [left, right] = [sectionsOf(ours), sectionsOf(theirs)];
  const sizes = joinFields(sizesOf(left), sizesOf(right));
  // Of what was built anew every section differs in some byte.
  return sizes.length > 0 ? [...said, ...sizes] : [...said, ...compareContents(ours, theirs, left, right)];
}

function joinFields(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): readonly TreeField[] {
  return [...new Set([...a.keys(), ...b.keys()])].flatMap((name) => {
    const [x, y] = [a.get(name), b.get(name)];
    if (x === y) return [];
    return [{ name, ...(x === undefined ? {} : { a: x }), ...(y === undefined ? {} : { b: y }) }];
  });
}

function describeElf(elf: ElfFile): ReadonlyMap<string, string> {
  const dynamic = readDynamicSection(elf);
  const said: readonly (readonly [string, string | undefined])[] = [
    ['architecture', debianArchitecture(elf.header)],
    ...describeGo(elf),
    ...describeModule(elf),
    ['build id', readBuildId(elf)],
    ['soname', dynamic?.soname],
    ['needed', dynamic?.needed.join(' ')],
    ['search path', dynamic?.runpath ?? dynamic?.rpath],
  ];
  return new Map(said.filter((one): one is readonly [string, string] => one[1] !== undefined));
}

/** Information that is damaged is one more thing that differs, and no reason to say nothing of the rest. */
function describeGo(elf: ElfFile): readonly (readonly [string, string | undefined])[] {
  try {
    const go = readGoBuildInfo(elf)?.info;
    if (!go) return [];
    return [
      ['version', k3sVersionOf(go)?.text ?? go.module?.version],
      ['revision', go.settings['vcs.revision']],
      ['Go', go.version],
    ];
  } catch (thrown) {
    asImageError(thrown);
    return [];
  }
}

/** `version=` and `vermagic=` in `.modinfo`, texts that end in a zero byte. */
function describeModule(elf: ElfFile): readonly (readonly [string, string])[] {
  const section = elf.sections.find(({ name, type }) => name === '.modinfo' && type !== SHT_NOBITS);
  if (!section || section.size > MAX_MODINFO) return [];
  const texts = decodeBytes(Uint8Array.from(elf.bytesAt(section.offset, section.size))).split('\0');
  return texts.flatMap((text) => {
    const [key = '', value = ''] = text.split(/=(.*)/s, 2);
    return key === 'version' || key === 'vermagic' ? [[key, value] as const] : [];
  });
}

/** Sections of the same names and sizes. */
function compareContents(
  a: ElfFile,
  b: ElfFile,
  ours: ReadonlyMap<string, Section>,
  theirs: ReadonlyMap<string, Section>,
): readonly TreeField[] {
  return [...ours].flatMap(([name, section]): readonly TreeField[] => {
    const other = theirs.get(name);
    if (!other || section.type === SHT_NOBITS || other.type === SHT_NOBITS) return [];
    const at = findDifference(
      a.source.slice(section.offset, section.size, a.source.label),
      b.source.slice(other.offset, other.size, b.source.label),
    );
    return at === undefined ? [] : [{ name, a: `${section.size} bytes`, b: `others from byte ${at} on` }];
  });
}

function sectionsOf(elf: ElfFile): ReadonlyMap<string, Section> {
  const named = elf.sections.filter(({ name }) => name !== '').slice(0, MAX_SECTIONS);
  return new Map(named.map((section) => [`section ${section.name}`, section]));
}

function sizesOf(sections: ReadonlyMap<string, Section>): ReadonlyMap<string, string> {
  return new Map([...sections].map(([name, { size }]) => [name, `${size} bytes`]));
}
