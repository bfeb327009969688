/** Files that dpkg recorded for a package and that are not in the image. */
import type { FactLookup } from '../../check.ts';
import { at } from '../../verdict.ts';
import type { LintRule } from '../lint-rule.ts';
import { isMadeAtRunTime } from '../made-at-run-time.ts';
import { isListed } from '../path-list.ts';
import { mergedPath } from './merged-path.ts';
import { stanza } from './status-example.ts';

interface Options {
  readonly ignore: readonly string[];
}

/** What images leave out on purpose. */
const ignored = [
  ...['doc', 'man', 'info', 'locale', 'i18n', 'gtk-doc', 'lintian', 'linda', 'bug'].map(
    (name) => `/usr/share/${name}/**`,
  ),
  ...['__pycache__', 'charmaps'].map((name) => `/usr/**/${name}/**`),
  '/var/lib/apt/**',
];

export const missingPackageFile: LintRule<Options> = {
  id: 'packages/missing-file',
  title: 'the files of every package are there',
  many: '{count} files of packages are not there',
  why: 'What is installed is not whole: something removed the file, or lost it while the image was made.',
  fix: 'Find the step of the image build that removes it; leave files out with dpkg’s path-exclude, so that it is known.',
  references: ['dpkg-query --listfiles', 'dpkg --verify'],
  severity: 'should',
  profiles: ['default'],
  cost: 'walk',
  needs: ['package-files', 'tree', 'file'],
  options: { ignore: { title: 'path patterns of files that may be left out', default: ignored } },
  messages: { missing: '{path} of the package {name} is not there' },
  examples: [
    {
      name: 'a program that a clean-up removed',
      tree: {
        '/var/lib/dpkg/status': stanza('curl'),
        '/var/lib/dpkg/info/curl.list': '/.\n/usr\n/usr/bin\n/usr/bin/curl\n/usr/share/doc/curl/copyright\n',
        '/usr/bin': { directory: true },
      },
      findings: [['/usr/bin/curl', '/usr/bin/curl of the package curl is not there']],
    },
    {
      name: 'through the links of a merged /usr, diverted, and left out on purpose',
      tree: {
        '/lib': { link: 'usr/lib' },
        '/usr/lib/libx.so': 'x',
        '/usr/bin/sh.distrib': 'x',
        '/var/lib/dpkg/status': stanza('x'),
        '/var/lib/dpkg/info/x.list': '/.\n/lib\n/lib/libx.so\n/usr/bin/sh\n/usr/share/man/man1/x.1.gz\n',
        '/var/lib/dpkg/diversions': '/usr/bin/sh\n/usr/bin/sh.distrib\ndash\n',
      },
      findings: [],
    },
  ],
  skip: (facts) => (facts.get('package-files').lists.length === 0 ? 'no package has a list of its files' : undefined),
  *run(facts, { ignore }) {
    const { lists, diversions } = facts.get('package-files');
    const present = new Set(facts.get('tree').entries.map(({ path }) => path));
    for (const { name, paths, location } of lists)
      for (const path of paths) {
        if (present.has(path) || present.has(mergedPath(path)) || isMadeAtRunTime(path) || isListed(path, ignore))
          continue;
        const diversion = diversions[path];
        const moved = diversion && diversion.by !== name ? diversion.to : path;
        if (isThere(moved, facts)) continue;
        yield {
          subject: { kind: 'path', name: path },
          message: 'missing',
          data: { path, name },
          evidence: [at(location, 'listed', path)],
        };
      }
  },
};

/** Lists say `/lib/x` where a merged image has `/usr/lib/x`: the path is followed. */
function isThere(path: string, facts: FactLookup): boolean {
  const { state, link } = facts.get('file', path);
  return state !== 'missing' || link !== undefined;
}
