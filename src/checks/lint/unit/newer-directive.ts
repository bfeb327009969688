/** Keys that came with a later systemd than the image has: its version is told by the image, not by the machine that checks. */
import type { LintRule } from '../lint-rule.ts';
import { unitTree } from './example-tree.ts';
import { unitFinding, weigh } from './unit-finding.ts';

export const newerDirective: LintRule = {
  id: 'unit/newer-directive',
  title: 'every key of a unit file is known to the systemd of the image',
  many: '{count} keys of unit files are too new for the systemd of the image',
  why: 'An older systemd leaves the key out with a line in the log: limits and protections are not applied.',
  fix: 'Use what that version has, or bring a newer systemd into the image.',
  references: ['systemd.directives(7)', 'NEWS of systemd'],
  severity: 'should',
  profiles: ['default'],
  cost: 'walk',
  needs: ['unit-audit'],
  standsAlone: true,
  messages: { key: '{unit}: {key}= needs systemd {since}, the image has {version}' },
  examples: [
    {
      name: 'a key of systemd 254 in an image with 252',
      tree: {
        ...unitTree({ 'a.service': '[Service]\nExecStart=/usr/bin/true\nRestartSteps=5\n' }),
        '/usr/lib/systemd/libsystemd-shared-257.so': { link: '/dev/null' },
        '/usr/lib/x86_64-linux-gnu/systemd/libsystemd-shared-252.so': '',
      },
      findings: [['a.service', 'a.service: RestartSteps= needs systemd 254, the image has 252']],
    },
    {
      name: 'the same key in an image with 257',
      tree: unitTree({ 'a.service': '[Service]\nExecStart=/usr/bin/true\nRestartSteps=5\n' }),
      findings: [],
    },
  ],
  skip: (facts) =>
    facts.get('unit-audit').systemd === undefined ? 'the image does not tell its version of systemd' : undefined,
  *run(facts) {
    const { systemd: version = 0, units } = facts.get('unit-audit');
    for (const unit of units)
      for (const { key, since, location } of unit.newer)
        yield { ...unitFinding(unit.name, 'key', location, { key, since, version }), ...weigh(unit) };
  },
};
