/** From an opened ELF file to what readelf(1) and `go version -m` would say of it. */
import type { ElfFact } from './binary-fact.ts';
import { debianArchitecture } from './debian-architecture.ts';
import { readDynamicSection, readInterpreter } from './dynamic.ts';
import type { ElfFile } from './elf-file.ts';
import type { GoBuildInfo } from './go-build-info.ts';
import { readBuildId } from './notes.ts';

const types: Readonly<Record<number, ElfFact['type']>> = { 1: 'relocatable', 2: 'executable', 3: 'shared', 4: 'core' };

/** The facts of one file. ImageError if a part they need is damaged. */
export function readElfFact(elf: ElfFile, go: GoBuildInfo | undefined): ElfFact {
  const { class: elfClass, endianness, machine, type, entry } = elf.header;
  const interpreter = readInterpreter(elf);
  const dynamic = readDynamicSection(elf);
  const { needed = [], soname, rpath, runpath, isPie = false } = dynamic ?? {};
  const buildId = readBuildId(elf);
  const declared = types[type] ?? 'other';
  // ET_DYN is a library and a program at any address alike: a program says so, or has an interpreter and no name.
  const isProgram = declared === 'shared' && soname === undefined && (isPie || interpreter !== undefined);
  // A static program at any address (static-pie) relocates itself: it has a dynamic section, but asks for nothing.
  const isStaticPie = isPie || (soname === undefined && entry !== 0);
  const isStatic = interpreter === undefined && needed.length === 0 && (dynamic === undefined || isStaticPie);
  return {
    class: elfClass,
    endianness,
    machine,
    architecture: debianArchitecture(elf.header),
    type: isProgram ? 'executable' : declared,
    linkage: isStatic ? 'static' : 'dynamic',
    ...(interpreter === undefined ? {} : { interpreter }),
    needed,
    ...(soname === undefined ? {} : { soname }),
    ...(rpath === undefined ? {} : { rpath }),
    ...(runpath === undefined ? {} : { runpath }),
    ...(buildId === undefined ? {} : { buildId }),
    ...(go === undefined ? {} : { go: go.info }),
  };
}
