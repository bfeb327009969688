/** A random seed in the image (systemd-random-seed.service(8)): the same for every machine. */
import { at } from '../../verdict.ts';
import type { LintRule } from '../lint-rule.ts';

/** systemd's own, that of its boot loader on the system partition, and that of Debian's urandom script. */
const files = [
  '/var/lib/systemd/random-seed',
  '/var/lib/urandom/random-seed',
  '/boot/loader/random-seed',
  '/boot/efi/loader/random-seed',
  '/efi/loader/random-seed',
];

export const randomSeed: LintRule = {
  id: 'identity/random-seed',
  title: 'the image has no random seed',
  many: '{count} random seeds are in the image',
  why: 'Machines that start from the same seed may make the same keys, and whoever has the image knows the seed.',
  fix: 'Remove the file at the end of the image build; the machine makes it when it first shuts down.',
  references: ['systemd-random-seed.service(8)', 'Building Images Safely, systemd.io'],
  severity: 'should',
  profiles: ['default', 'reproducible'],
  cost: 'cheap',
  needs: ['file'],
  standsAlone: true,
  messages: { seed: '{path} is a random seed' },
  examples: [
    {
      name: 'seeds of the system and of the boot loader',
      tree: { '/var/lib/systemd/random-seed': 'x'.repeat(512) },
      mounts: { '/boot': { '/loader/random-seed': 'x'.repeat(32) } },
      findings: [
        ['/var/lib/systemd/random-seed', '/var/lib/systemd/random-seed is a random seed'],
        ['/boot/loader/random-seed', '/boot/loader/random-seed is a random seed'],
      ],
    },
    { name: 'none', tree: { '/var/lib/systemd/coredump': { directory: true } }, findings: [] },
  ],
  *run(facts) {
    for (const path of files) {
      const { stat, location } = facts.get('file', path);
      if (stat?.type !== 'file' || stat.size === 0) continue;
      yield { subject: { kind: 'path', name: path }, message: 'seed', data: { path }, evidence: [at(location)] };
    }
  },
};
