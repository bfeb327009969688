/**
 * Programs whose libraries, or the symbol versions they need of them, the loader does not find: NEEDED, RPATH, RUNPATH and the cache
 * as ld.so(8) and musl have them. A program that a script starts with LD_LIBRARY_PATH may find more: name it in `ignore`.
 */
import { findLibraryLacks } from '../../library-lacks.ts';
import type { LintRule } from '../lint-rule.ts';
import { isListed } from '../path-list.ts';
import { elfExample, libraryExample } from './elf-example.ts';

interface Options {
  readonly ignore: readonly string[];
}

const loader = '/lib64/ld-linux-x86-64.so.2';
const glibc = libraryExample('amd64', '\0/etc/ld.so.cache\0/lib64/\0/usr/lib64/\0\0');
const tool = (...needed: readonly string[]) => ({ bytes: elfExample('amd64', loader, needed), mode: 0o755 });

export const missingLibrary: LintRule<Options> = {
  id: 'programs/missing-library',
  title: 'every program finds its libraries and the symbol versions it needs',
  many: '{count} programs or libraries need what the loader does not find',
  why: 'Such a program ends before its first line: "error while loading shared libraries", or "version not found".',
  fix: 'Install the package of the library; run ldconfig if it lies in a directory of its own; build for the libc of the image.',
  references: ['ld.so(8)', 'ldconfig(8)'],
  severity: 'should',
  profiles: ['default'],
  cost: 'walk',
  needs: ['programs', 'libraries'],
  standsAlone: true,
  options: { ignore: { title: 'path patterns of programs that find their libraries otherwise', default: [] } },
  messages: { lacks: '{sentence}' },
  examples: [
    {
      name: 'a library that no package brought, in two programs',
      tree: {
        [loader]: glibc,
        '/usr/bin/tool': tool('libssl.so.1.1', 'libz.so.1'),
        '/usr/bin/other': tool('libssl.so.1.1'),
        '/usr/lib64/libz.so.1': libraryExample('amd64'),
      },
      findings: [
        ['/usr/bin/other', '/usr/bin/other needs libssl.so.1.1, which is in no directory that the loader looks into'],
        ['/usr/bin/tool', '/usr/bin/tool needs libssl.so.1.1, which is in no directory that the loader looks into'],
      ],
    },
    {
      name: 'a library for another machine, and a text in place of one',
      tree: {
        [loader]: glibc,
        '/usr/bin/tool': tool('libz.so.1', 'libm.so'),
        '/usr/lib64/libz.so.1': libraryExample('arm64'),
        '/usr/lib64/libm.so': 'GROUP ( libm.so.6 )\n',
      },
      findings: [
        [
          '/usr/bin/tool',
          '/usr/bin/tool needs libz.so.1, which is in no directory that the loader looks into; the one that is there is for another machine',
        ],
        ['/usr/bin/tool', '/usr/bin/tool needs libm.so, and /usr/lib64/libm.so is no ELF file'],
      ],
    },
    {
      name: 'a library of a package in the directory of that package, without a path to it',
      tree: {
        [loader]: glibc,
        '/usr/lib/app/tool': tool('libapp.so.0'),
        '/usr/lib/app/libapp.so.0': libraryExample('amd64'),
      },
      findings: [
        [
          '/usr/lib/app/tool',
          '/usr/lib/app/tool needs libapp.so.0, which is beside it in /usr/lib/app, where the loader does not look',
        ],
      ],
    },
    {
      name: 'all is there, in one of the directories the loader looks into',
      tree: {
        [loader]: glibc,
        '/usr/bin/tool': tool('libz.so.1', 'libm.so.6'),
        '/lib64/libz.so.1': libraryExample('amd64'),
        '/usr/lib64/libm.so.6': libraryExample('amd64'),
      },
      findings: [],
    },
  ],
  *run(facts, { ignore }) {
    const said = new Set<string>();
    for (const { path, isExecutable, start } of facts.get('programs').files) {
      if (start.kind !== 'elf' || !isExecutable || start.interpreter === undefined || isListed(path, ignore)) continue;
      for (const { by, subject, message, evidence } of findLibraryLacks(facts, path)) {
        // The loader itself is the matter of programs/missing-loader.
        const key = `${by}\0${subject}`;
        if (said.has(key) || subject === start.interpreter) continue;
        said.add(key);
        yield { subject: { kind: 'path', name: by }, message: 'lacks', data: { sentence: message }, evidence };
      }
    }
  },
};
