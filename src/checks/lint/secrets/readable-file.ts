/** Private keys, tokens and passwords in files that every account of the image can read. */
import { at } from '../../verdict.ts';
import type { LintRule } from '../lint-rule.ts';
import { isListed } from '../path-list.ts';
import { findSecrets } from './find-secrets.ts';

interface Options {
  readonly ignore: readonly string[];
}

const key = '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n';

export const readableSecrets: LintRule<Options> = {
  id: 'secrets/readable-file',
  title: 'no file that everybody can read holds a secret',
  many: '{count} files that everybody can read hold secrets',
  why: 'Any account, and any daemon that was broken into, can take it; dh_fixperms makes a file that was staged 0600 0644.',
  fix: 'Provision the secret when the machine is set up; name the file in PRESERVE_PERMS, or set its mode in tmpfiles.d.',
  references: ['Isar: dpkg-raw.bbclass, PRESERVE_PERMS', 'EN 303 645, 5.4'],
  severity: 'should',
  profiles: ['default', 'hardening'],
  cost: 'walk',
  needs: ['readable-texts'],
  standsAlone: true,
  options: { ignore: { title: 'path patterns of files that may', default: ['/etc/ssl/certs/**'] } },
  messages: { secret: 'everybody can read {path}, which holds {kind}' },
  examples: [
    {
      name: 'a key of a web server, an address with a password',
      tree: {
        '/etc/app/tls.key': key,
        '/opt/app/.git/config': 'url = https://bot:hunter22@example.org/x.git\n',
      },
      findings: [
        ['/etc/app/tls.key', 'everybody can read /etc/app/tls.key, which holds a private key'],
        ['/opt/app/.git/config', 'everybody can read /opt/app/.git/config, which holds a password in an address'],
      ],
    },
    {
      name: 'for root only, itself or the directory above; a certificate',
      tree: {
        '/etc/app/tls.key': { text: key, mode: 0o600 },
        '/etc/ssl/private': { directory: true, mode: 0o710 },
        '/etc/ssl/private/tls.key': key,
        '/etc/app/tls.crt': '-----BEGIN CERTIFICATE-----\n',
      },
      findings: [],
    },
  ],
  *run(facts, { ignore }) {
    for (const { path, text, location } of facts.get('readable-texts').files) {
      const secrets = findSecrets(text, false);
      if (secrets.length === 0 || isListed(path, ignore)) continue;
      for (const { kind, line } of secrets)
        yield {
          subject: { kind: 'path', name: path },
          message: 'secret',
          data: { path, kind },
          evidence: [at({ ...location, line })],
        };
    }
  },
};
