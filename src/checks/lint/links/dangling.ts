/**
 * Symbolic links that lead nowhere once all partitions are composed. What the running machine makes is not missing, nor is what
 * images leave out on purpose; in a Nix store only links into the store count, since packages may point at what users add.
 */
import type { TreeEntry } from '../../../facts/tree/tree-fact.ts';
import { at } from '../../verdict.ts';
import type { LintRule } from '../lint-rule.ts';
import { isMadeAtRunTime } from '../made-at-run-time.ts';
import { isListed } from '../path-list.ts';

interface Options {
  readonly ignore: readonly string[];
}

/** Left out of small images, made by an administrator's tool, or judged by the boot contract. */
const ignored = [
  ...['doc', 'man', 'info', 'locale', 'gtk-doc', 'lintian'].map((name) => `/usr/share/${name}/**`),
  '/usr/src/**',
  '/etc/locale.conf',
  '/etc/default/keyboard',
  '/boot/*',
  // What packages of Debian link to and only recommend: certificates of openssl, modules of nginx, fonts of ghostscript.
  ...['/etc/ssl/certs/ca-certificates.crt', '/usr/lib/nginx/modules', '/usr/share/fonts/**'],
  // What NixOS makes its accounts of before anything else starts, where /etc cannot be written (services.userborn).
  ...['passwd', 'group', 'shadow'].map((name) => `/var/lib/nixos/${name}`),
];

/** Types of tmpfiles.d lines that make what is not there. */
const creates = 'dDvqQfFLCpbc';

export const danglingLinks: LintRule<Options> = {
  id: 'links/dangling',
  title: 'symbolic links lead to something',
  many: '{count} symbolic links lead nowhere',
  why: 'What is looked up through the link is not there: a program, a library, a unit or a configuration file.',
  fix: 'Install what the link leads to, or remove the link where it is made.',
  references: ['symlink(7)', 'file-hierarchy(7)'],
  severity: 'should',
  profiles: ['default'],
  cost: 'walk',
  needs: ['tree', 'tmpfiles'],
  standsAlone: true,
  options: { ignore: { title: 'path patterns of targets that may be missing', default: ignored } },
  messages: {
    missing: '{path} leads to {resolved}, which is not there',
    file: '{path} leads through {resolved}, which is not a directory',
  },
  examples: [
    {
      name: 'a library that was not installed, through a chain of links',
      tree: {
        '/usr/lib/libx.so': { link: 'libx.so.1' },
        '/usr/lib/libx.so.1': { link: 'libx.so.1.0.3' },
        '/etc/file/x': { link: '/etc/passwd/x' },
        '/etc/passwd': 'root:x:0:0::/root:/bin/sh\n',
      },
      findings: [
        ['/etc/file/x', '/etc/file/x leads through /etc/passwd, which is not a directory'],
        ['/usr/lib/libx.so', '/usr/lib/libx.so leads to /usr/lib/libx.so.1.0.3, which is not there'],
        ['/usr/lib/libx.so.1', '/usr/lib/libx.so.1 leads to /usr/lib/libx.so.1.0.3, which is not there'],
      ],
    },
    {
      name: 'a kernel on another partition, what the machine makes, what tmpfiles makes',
      tree: {
        '/vmlinuz': { link: 'boot/vmlinuz-6.12' },
        '/etc/mtab': { link: '../proc/self/mounts' },
        '/etc/resolv.conf': { link: '/run/systemd/resolve/stub-resolv.conf' },
        '/etc/state': { link: '/var/lib/state' },
        '/usr/lib/tmpfiles.d/state.conf': 'd /var/lib/state 0755 - - -\n',
        '/etc/passwd': { link: '/var/lib/nixos/passwd' },
        '/usr/lib/ssl/cert.pem': { link: '/etc/ssl/certs/ca-certificates.crt' },
      },
      mounts: { '/boot': { '/vmlinuz-6.12': 'kernel' } },
      findings: [],
    },
    {
      name: 'a store path that points out of the store',
      tree: { '/nix/store/0000000000000000000000000000000a-x/etc': { link: '/etc/x' } },
      findings: [],
    },
  ],
  *run(facts, { ignore }) {
    const made = facts.get('tmpfiles').lines.filter(({ type }) => creates.includes(type));
    const declared = new Set(made.map(({ path }) => path));
    for (const { path, link, location } of facts.get('tree').entries) {
      if (link?.end !== 'dangling' && link?.end !== 'not-a-directory' && link?.end !== 'missing') continue;
      const { target, resolved } = link;
      if (isMadeAtRunTime(resolved) || declared.has(resolved) || isListed(resolved, ignore)) continue;
      if (isBesideStore({ path, link })) continue;
      yield {
        subject: { kind: 'path', name: path },
        message: link.end === 'not-a-directory' ? 'file' : 'missing',
        data: { path, resolved },
        evidence: [at(location, 'at', `-> ${target}`)],
      };
    }
  },
};

const inStore = (path: string): boolean => path.startsWith('/nix/store/');

function isBesideStore({ path, link }: Pick<TreeEntry, 'path' | 'link'>): boolean {
  return inStore(path) && !inStore(link?.resolved ?? '');
}
