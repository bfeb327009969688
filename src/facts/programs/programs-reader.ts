/**
 * The fact `programs`: executable files and shared libraries; with the key `all` every file. Some bytes of each are read: the ELF
 * header with PT_INTERP, or the line behind `#!` as the kernel reads it (fs/binfmt_script.c: 256 bytes, blanks and tabs part).
 */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { decodeBytes } from '../../bytes/names.ts';
import { damageFrom } from '../../diagnostic.ts';
import { asImageError } from '../../errors.ts';
import type { RootView } from '../../root/root-view.ts';
import { debianArchitecture } from '../elf/debian-architecture.ts';
import { readInterpreter } from '../elf/dynamic.ts';
import { detectElf, openElf } from '../elf/elf-file.ts';
import type { FactContext, FactReader, FactResult, Gap } from '../fact.ts';
import type { TreeEntry } from '../tree/tree-fact.ts';
import type { ProgramFile, ProgramStart, ProgramsFact } from './programs-fact.ts';

/** BINPRM_BUF_SIZE of linux/binfmts.h. */
const LINE_SIZE = 256;
const libraryName = /\.so(?:\.[^/]*)?$/;

export const programsReader: FactReader<'programs'> = {
  id: 'programs',
  title: 'executable files and shared libraries: architecture and loader, or the interpreter of a script',
  reads: ['/**'],
  needs: ['tree'],
  read: readPrograms,
};

function readPrograms(view: RootView, context: FactContext, key: string): FactResult<ProgramsFact> {
  const tree = context.get('tree');
  const gaps: Gap[] = [...tree.gaps];
  const files: ProgramFile[] = [];
  for (const entry of tree.value.entries) {
    if (entry.type !== 'file' || !(key === 'all' || isProgramLike(entry))) continue;
    const { path, mode, location } = entry;
    try {
      const found = view.find(path, 'parents');
      const start = found && readStart(found.fileSystem.open(found.node, view.sourceLabel(found)));
      if (start) files.push({ path, isExecutable: (mode & 0o111) !== 0, start, location });
    } catch (thrown) {
      gaps.push({ cause: { location, ...damageFrom(asImageError(thrown)) }, keys: [path] });
    }
  }
  return { value: { files }, diagnostics: gaps.map(({ cause }) => cause), gaps };
}

function isProgramLike({ mode, path }: TreeEntry): boolean {
  return (mode & 0o111) !== 0 || libraryName.test(path);
}

/** What a file starts as; undefined if it is neither. */
function readStart(source: ByteSource): ProgramStart | undefined {
  if (detectElf(source)) {
    const elf = openElf(source);
    const interpreter = readInterpreter(elf);
    const architecture = debianArchitecture(elf.header);
    return { kind: 'elf', architecture, ...(interpreter === undefined ? {} : { interpreter }) };
  }
  return parseScriptStart(source.read(0, Math.min(LINE_SIZE, source.size)));
}

/** The first line of a script, cut where the kernel cuts it; undefined if it does not begin with `#!`. */
export function parseScriptStart(bytes: Uint8Array): ProgramStart | undefined {
  if (bytes[0] !== 0x23 || bytes[1] !== 0x21) return undefined;
  const line = decodeBytes(bytes.subarray(2)).split('\n', 1)[0] ?? '';
  const [, interpreter = '', argument = ''] = /^[ \t]*([^ \t]*)[ \t]*(.*)$/.exec(line.replace(/[ \t]+$/, '')) ?? [];
  return { kind: 'script', interpreter, ...(argument === '' ? {} : { argument }) };
}
