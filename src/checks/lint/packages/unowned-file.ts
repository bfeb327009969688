/** Files below /usr that no package installed: put there by a step of the build, outside of every list of packages. */
import { at } from '../../verdict.ts';
import type { LintRule } from '../lint-rule.ts';
import { isListed } from '../path-list.ts';
import { mergedPath } from './merged-path.ts';
import { stanza } from './status-example.ts';

interface Options {
  readonly ignore: readonly string[];
}

/** What packages make when they are installed: caches and indexes. */
const made = [
  '/usr/local/**',
  '/usr/lib/modules/*/modules.*',
  '/usr/lib/modules/*/updates/**',
  '/usr/lib/udev/hwdb.bin',
  '/usr/lib/systemd/catalog/database',
  '/usr/lib/locale/locale-archive',
  '/usr/lib/locale/*/**',
  '/usr/lib/*/gconv/gconv-modules.cache',
  '/usr/lib/*/gio/modules/giomodule.cache',
  '/usr/lib/*/gdk-pixbuf-2.0/**/loaders.cache',
  '/usr/lib/ssl/**',
  '/usr/lib/os-release',
  '/usr/share/info/dir',
  '/usr/share/{mime,icons,glib-2.0,applications,fonts,perl5,vim,ca-certificates}/**',
  '/usr/**/__pycache__/**',
  '/usr/lib/firmware/**',
  '/usr/lib/cups/backend/*',
];

const ignored = made.flatMap((pattern) => {
  const [, before, names, after] = /^(.*)\{(.*)\}(.*)$/.exec(pattern) ?? [];
  return names === undefined ? [pattern] : names.split(',').map((name) => `${before}${name}${after}`);
});

/** Links of update-alternatives(1). */
const alternatives = '/etc/alternatives/';

export const unownedPackageFile: LintRule<Options> = {
  id: 'packages/unowned-file',
  title: 'every file below /usr belongs to a package',
  many: '{count} files below /usr belong to no package',
  why: 'No list of packages, SBOM or update knows the file; nobody will see that it is old or was put there by an intruder.',
  fix: 'Ship it in a package of the layer instead of copying it into the root file system; local files belong below /usr/local.',
  references: ['Debian Policy 9.1.2', 'FHS 4.1'],
  severity: 'should',
  profiles: ['hardening', 'reproducible'],
  cost: 'walk',
  needs: ['package-files', 'tree'],
  options: { ignore: { title: 'path patterns of files that may belong to no package', default: ignored } },
  messages: { unowned: '{path} belongs to no package' },
  examples: [
    {
      name: 'a program that was copied into the image',
      tree: {
        '/var/lib/dpkg/status': stanza('x'),
        '/var/lib/dpkg/info/x.list': '/.\n/bin/x\n',
        '/usr/bin/x': 'x',
        '/usr/bin/tool': 'x',
      },
      findings: [['/usr/bin/tool', '/usr/bin/tool belongs to no package']],
    },
    {
      name: 'local files, indexes, alternatives, a diverted file',
      tree: {
        '/var/lib/dpkg/status': stanza('x'),
        '/var/lib/dpkg/info/x.list': '/.\n/usr/bin/x\n',
        '/var/lib/dpkg/diversions': '/usr/bin/x\n/usr/bin/x.distrib\nlocal\n',
        '/usr/bin/x': 'x',
        '/usr/bin/x.distrib': 'x',
        '/usr/local/bin/tool': 'x',
        '/usr/lib/modules/6.12/modules.dep': 'x',
        '/usr/bin/vi': { link: '/etc/alternatives/vi' },
        '/etc/alternatives/vi': { link: '/usr/bin/x' },
        '/etc/local.conf': 'x',
      },
      findings: [],
    },
  ],
  skip: (facts) => (facts.get('package-files').lists.length === 0 ? 'no package has a list of its files' : undefined),
  *run(facts, { ignore }) {
    const { lists, diversions } = facts.get('package-files');
    const owned = new Set(lists.flatMap(({ paths }) => paths.map(mergedPath)));
    for (const { to } of Object.values(diversions)) owned.add(mergedPath(to));
    for (const { path, type, link, location } of facts.get('tree').entries) {
      if (type === 'directory' || !path.startsWith('/usr/') || owned.has(path)) continue;
      if (link?.target.startsWith(alternatives) || isListed(path, ignore)) continue;
      yield { subject: { kind: 'path', name: path }, message: 'unowned', data: { path }, evidence: [at(location)] };
    }
  },
};
