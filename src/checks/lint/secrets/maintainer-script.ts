/** Secrets in the scripts of packages, which stay below /var/lib/dpkg/info for everybody to read. */
import { at } from '../../verdict.ts';
import type { LintRule } from '../lint-rule.ts';
import { stanza } from '../packages/status-example.ts';
import { findSecrets } from './find-secrets.ts';

export const scriptSecrets: LintRule = {
  id: 'secrets/maintainer-script',
  title: 'scripts of packages hold no secrets',
  many: '{count} scripts of packages hold secrets',
  why: 'The scripts stay in the image, readable for every account, and in the package archive, readable for everyone who builds.',
  fix: 'Provision the secret when the machine is set up, or set a locked account with a key.',
  references: ['Debian Policy 6', 'EN 303 645, 5.4'],
  severity: 'should',
  profiles: ['default', 'hardening'],
  cost: 'walk',
  needs: ['maintainer-scripts'],
  standsAlone: true,
  messages: { secret: 'the {script} of {name} holds {kind}' },
  examples: [
    {
      name: 'the password of root, set when the package is installed',
      tree: {
        '/var/lib/dpkg/status': stanza('image-accounts') + stanza('puller'),
        '/var/lib/dpkg/info/image-accounts.postinst': '#!/bin/sh\necho "root:hunter22" | chpasswd\n',
        '/var/lib/dpkg/info/puller.postinst': '#!/bin/sh\ngit clone https://bot:hunter22@example.org/x.git\n',
      },
      findings: [
        ['image-accounts', 'the postinst of image-accounts holds a password for chpasswd'],
        ['puller', 'the postinst of puller holds a password in an address'],
      ],
    },
    {
      name: 'a password from elsewhere, an address without one',
      tree: {
        '/var/lib/dpkg/status': stanza('x'),
        '/var/lib/dpkg/info/x.postinst':
          '#!/bin/sh\necho "root:$PASSWORD" | chpasswd\nPASSWORD=$(cat /run/secret)\ncurl https://example.org:8443/x\n',
      },
      findings: [],
    },
  ],
  *run(facts) {
    for (const { package: name, kind: script, text, location } of facts.get('maintainer-scripts').scripts)
      for (const { kind, line } of findSecrets(text, true))
        yield {
          subject: { kind: 'package', name },
          message: 'secret',
          data: { name, script, kind },
          evidence: [at({ ...location, line })],
        };
  },
};
