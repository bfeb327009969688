/** Sockets, timers and paths whose unit is not there, Accept= against a template or its absence included. socket.c. */
import type { LintRule } from '../lint-rule.ts';
import { unitTree } from './example-tree.ts';
import { unitFinding, weigh } from './unit-finding.ts';

const states = {
  'not-found': 'does not exist',
  masked: 'is masked',
  error: 'cannot be read',
  'bad-setting': 'is refused',
  loaded: '',
};

export const nothingToStart: LintRule = {
  id: 'unit/nothing-to-start',
  title: 'every socket, timer and path has a unit to start',
  many: '{count} sockets, timers and paths have nothing to start',
  why: 'The socket cannot be opened, and the timer or path starts nothing when its time has come.',
  fix: 'Install the unit, name it with Service= or Unit=, or let Accept= fit what there is: yes wants NAME@.service, no NAME.service.',
  references: ['systemd.socket(5), Accept=', 'systemd.timer(5), Unit=', 'systemd-analyze(1), verify'],
  severity: 'should',
  profiles: ['default'],
  cost: 'walk',
  needs: ['unit-audit'],
  standsAlone: true,
  messages: {
    missing: '{unit} starts {other}, which {state}',
    accept: '{unit} starts {other}, which {state}; there is {instead}, which Accept= does not fit',
  },
  examples: [
    {
      name: 'a socket that takes every connection, with a service for all of them',
      tree: unitTree(
        {
          'a.socket': '[Socket]\nListenStream=80\nAccept=yes\n',
          'a.service': '[Service]\nExecStart=/usr/bin/true\n',
          'b.timer': '[Timer]\nOnBootSec=1min\n',
        },
        { started: ['a.socket', 'b.timer'] },
      ),
      findings: [
        [
          'a.socket',
          'a.socket starts a@.service, which does not exist; there is a.service, which Accept= does not fit',
        ],
        ['b.timer', 'b.timer starts b.service, which does not exist'],
      ],
    },
    {
      name: 'a socket with its service, a timer with another one’s',
      tree: unitTree(
        {
          'a.socket': '[Socket]\nListenStream=80\n',
          'a.service': '[Service]\nExecStart=/usr/bin/true\n',
          'b.timer': '[Timer]\nOnBootSec=1min\nUnit=a.service\n',
        },
        { started: ['a.socket', 'b.timer'] },
      ),
      findings: [],
    },
  ],
  *run(facts) {
    for (const unit of facts.get('unit-audit').units) {
      if (!unit.trigger) continue;
      const { unit: other, loadState, location, instead } = unit.trigger;
      const data = { other, state: states[loadState], instead: instead ?? '' };
      const message = instead === undefined ? 'missing' : 'accept';
      yield { ...unitFinding(unit.name, message, location, data), ...weigh(unit) };
    }
  },
};
