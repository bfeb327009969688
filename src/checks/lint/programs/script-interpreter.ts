/**
 * Executable scripts whose `#!` names an interpreter that is not in the image, itself or through env(1). A relative or empty name is
 * as good as none: the kernel takes it from whatever directory the caller is in.
 */
import type { ProgramStart } from '../../../facts/programs/programs-fact.ts';
import type { FactLookup } from '../../check.ts';
import { at } from '../../verdict.ts';
import type { LintRule } from '../lint-rule.ts';
import { isListed } from '../path-list.ts';

interface Options {
  readonly ignore: readonly string[];
  readonly search: readonly string[];
}

/** Scripts for programs a system may have: Debian installs them whether it has or not. */
const optional = [
  ...['/usr/share/doc/**', '/usr/share/bug/**', '/usr/share/*/*/debian/rules', '/etc/sv/*/run'],
  ...['/usr/bin/routel', '/usr/sbin/routel', '/usr/libexec/samba/samba-log-parser', '/usr/lib/python3*/cgi.py'],
];

export const scriptInterpreter: LintRule<Options> = {
  id: 'programs/script-interpreter',
  title: 'the interpreter of every script is there',
  many: '{count} scripts name an interpreter that is not there',
  why: 'Such a script does not start: "No such file or directory", although the script is there.',
  fix: 'Add the package of the interpreter to the dependencies of the one that ships the script.',
  references: ['execve(2)', 'Debian Policy 10.4'],
  severity: 'should',
  profiles: ['default'],
  cost: 'walk',
  needs: ['programs', 'file'],
  options: {
    ignore: { title: 'path patterns of scripts that may lack their interpreter', default: optional },
    search: {
      title: 'where env(1) looks for programs',
      default: [
        '/usr/local/sbin',
        '/usr/local/bin',
        '/usr/sbin',
        '/usr/bin',
        '/sbin',
        '/bin',
        '/run/current-system/sw/bin',
      ],
    },
  },
  messages: {
    missing: '{path} wants {interpreter}, which is not there',
    search: '{path} wants {interpreter}, which is not on the path',
    relative: '{path} names its interpreter without a path: {interpreter}',
  },
  examples: [
    {
      name: 'no Python, no bash, and a line with a carriage return',
      tree: {
        '/bin/sh': { text: 'x', mode: 0o755 },
        '/usr/bin/env': { text: 'x', mode: 0o755 },
        '/usr/bin/a': { text: '#!/usr/bin/python3 -u\n', mode: 0o755 },
        '/usr/bin/b': { text: '#!/usr/bin/env -S bash -e\n', mode: 0o755 },
        '/usr/bin/c': { text: '#!/bin/sh\r\necho\r\n', mode: 0o755 },
        '/usr/bin/d': { text: '#!python3\n', mode: 0o755 },
      },
      findings: [
        ['/usr/bin/a', '/usr/bin/a wants /usr/bin/python3, which is not there'],
        ['/usr/bin/b', '/usr/bin/b wants bash, which is not on the path'],
        ['/usr/bin/c', '/usr/bin/c wants /bin/sh\r, which is not there'],
        ['/usr/bin/d', '/usr/bin/d names its interpreter without a path: python3'],
      ],
    },
    {
      name: 'a shell, env with what it finds, and a script that is not run by itself',
      tree: {
        '/bin/sh': { text: 'x', mode: 0o755 },
        '/usr/bin/env': { text: 'x', mode: 0o755 },
        '/usr/local/bin/tool': { text: 'x', mode: 0o755 },
        '/usr/bin/a': { text: '#! /bin/sh -e\n', mode: 0o755 },
        '/usr/bin/b': { text: '#!/usr/bin/env LANG=C tool\n', mode: 0o755 },
        '/usr/lib/module.py': '#!/usr/bin/python3\n',
        '/usr/lib/python3.11/cgi.py': { text: '#! /usr/local/bin/python\n', mode: 0o755 },
      },
      findings: [],
    },
  ],
  *run(facts, { ignore, search }) {
    for (const { path, isExecutable, start, location } of facts.get('programs').files) {
      if (start.kind !== 'script' || !isExecutable) continue;
      const problem = problemOf(start, search, facts);
      if (!problem || isListed(path, ignore)) continue;
      yield {
        subject: { kind: 'path', name: path },
        message: problem.message,
        data: { path, interpreter: problem.interpreter },
        evidence: [at({ ...location, line: 1 }, 'at', `#!${[start.interpreter, start.argument].join(' ').trim()}`)],
      };
    }
  },
};

type Script = Extract<ProgramStart, { kind: 'script' }>;
type Problem = { readonly message: string; readonly interpreter: string };

function problemOf(
  { interpreter, argument }: Script,
  search: readonly string[],
  facts: FactLookup,
): Problem | undefined {
  if (!interpreter.startsWith('/')) return { message: 'relative', interpreter };
  if (!isThere(interpreter, facts)) return { message: 'missing', interpreter };
  const name = /\/env$/.test(interpreter) && argument !== undefined ? programOfEnv(argument) : undefined;
  if (name === undefined) return undefined;
  const paths = name.includes('/') ? [name] : search.map((folder) => `${folder}/${name}`);
  return paths.some((one) => isThere(one, facts)) ? undefined : { message: 'search', interpreter: name };
}

const isThere = (path: string, facts: FactLookup): boolean => facts.get('file', path).state !== 'missing';

/** What env(1) runs: the first word that is no option and no assignment. */
function programOfEnv(argument: string): string | undefined {
  const words = argument.split(/[ \t]+/).map((word) => word.replace(/^-S(?=.)/, ''));
  return words.find((word) => word !== '' && !word.startsWith('-') && !word.includes('='));
}
