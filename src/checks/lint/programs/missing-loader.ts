/** Dynamic programs whose loader (PT_INTERP) is not in the image: the kernel answers "No such file or directory". */
import { at } from '../../verdict.ts';
import type { LintRule } from '../lint-rule.ts';
import { elfExample } from './elf-example.ts';

const loader = '/lib64/ld-linux-x86-64.so.2';

export const missingLoader: LintRule = {
  id: 'programs/missing-loader',
  title: 'the loader of every dynamic program is there',
  many: '{count} programs ask for a loader that is not there',
  why: 'Such a program does not start: "No such file or directory", although the program is there. Typical for programs of another distribution.',
  fix: 'Install the C library the program was built for, build it static, or patch it (patchelf --set-interpreter).',
  references: ['ld.so(8)', 'execve(2) ENOENT'],
  severity: 'should',
  profiles: ['default'],
  cost: 'walk',
  needs: ['programs', 'file'],
  messages: { missing: '{path} asks for the loader {loader}, which is not there' },
  examples: [
    {
      name: 'a program of Debian on a system without its loader',
      tree: { '/opt/vendor/tool': { bytes: elfExample('amd64', loader), mode: 0o755 } },
      findings: [['/opt/vendor/tool', `/opt/vendor/tool asks for the loader ${loader}, which is not there`]],
    },
    {
      name: 'the loader is there, through the link of a merged /usr; a static program',
      tree: {
        '/lib64': { link: 'usr/lib64' },
        '/usr/lib64/ld-linux-x86-64.so.2': { bytes: elfExample('amd64'), mode: 0o755 },
        '/usr/bin/tool': { bytes: elfExample('amd64', loader), mode: 0o755 },
        '/usr/bin/busybox': { bytes: elfExample('amd64'), mode: 0o755 },
      },
      findings: [],
    },
  ],
  *run(facts) {
    for (const { path, isExecutable, start, location } of facts.get('programs').files) {
      if (start.kind !== 'elf' || !isExecutable || start.interpreter === undefined) continue;
      if (facts.get('file', start.interpreter).state !== 'missing') continue;
      yield {
        subject: { kind: 'path', name: path },
        message: 'missing',
        data: { path, loader: start.interpreter },
        evidence: [at(location, 'at', start.interpreter)],
      };
    }
  },
};
