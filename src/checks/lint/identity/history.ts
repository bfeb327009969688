/** Traces of somebody who was logged in, or of a system that ran: login records, shell histories, journals. */
import { at } from '../../verdict.ts';
import type { LintRule } from '../lint-rule.ts';

const files = [
  '/var/log/wtmp',
  '/var/log/btmp',
  '/var/log/lastlog',
  '/var/log/wtmp.db',
  '/var/lib/wtmpdb/wtmp.db',
  '/var/lib/lastlog/lastlog2.db',
  '/root/.bash_history',
  '/root/.lesshst',
  '/root/.viminfo',
  '/root/.wget-hsts',
  '/var/log/dmesg',
  '/var/log/syslog',
];

const journalFolder = '/var/log/journal';

export const history: LintRule = {
  id: 'identity/history',
  title: 'nobody has been logged in to the image, and it has never run',
  many: '{count} traces of a running system are in the image',
  why: 'The records are of the build machine or of somebody who tried the image: they leak what was done, and differ with every build.',
  fix: 'Empty the files at the end of the image build; start a copy instead of the image.',
  references: ['utmp(5)', 'Building Images Safely, systemd.io'],
  severity: 'should',
  profiles: ['hardening', 'reproducible'],
  cost: 'cheap',
  needs: ['file', 'directory'],
  standsAlone: true,
  messages: { record: '{path} holds records of a running system', journal: '{path} is the journal of a machine' },
  examples: [
    {
      name: 'an image that was started',
      tree: {
        '/var/log/wtmp': 'x',
        '/root/.bash_history': 'apt install vim\n',
        '/var/log/journal/0123456789abcdef0123456789abcdef/system.journal': 'x',
      },
      findings: [
        ['/var/log/wtmp', '/var/log/wtmp holds records of a running system'],
        ['/root/.bash_history', '/root/.bash_history holds records of a running system'],
        [
          '/var/log/journal/0123456789abcdef0123456789abcdef',
          '/var/log/journal/0123456789abcdef0123456789abcdef is the journal of a machine',
        ],
      ],
    },
    {
      name: 'empty records, as packages make them',
      tree: { '/var/log/wtmp': '', '/var/log/lastlog': '', '/var/log/journal': { directory: true } },
      findings: [],
    },
  ],
  *run(facts) {
    for (const path of files) {
      const { stat, location } = facts.get('file', path);
      if (stat?.type !== 'file' || stat.size === 0) continue;
      yield { subject: { kind: 'path', name: path }, message: 'record', data: { path }, evidence: [at(location)] };
    }
    for (const { name, type, location } of facts.get('directory', journalFolder).entries) {
      if (type !== 'directory') continue;
      const path = `${journalFolder}/${name}`;
      yield { subject: { kind: 'path', name: path }, message: 'journal', data: { path }, evidence: [at(location)] };
    }
  },
};
