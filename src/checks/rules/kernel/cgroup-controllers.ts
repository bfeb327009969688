/** The kernel command line does not take away a cgroup controller that k3s needs (kernel-parameters: cgroup_disable=). */
import { at, fail, pass, skip } from '../../verdict.ts';
import type { Rule } from '../rule.ts';

interface Options {
  readonly controllers: readonly string[];
}

export const cgroupControllers: Rule<Options> = {
  id: 'cgroup-controllers',
  title: 'The kernel command line leaves the cgroup controllers on that are needed',
  needs: ['boot'],
  options: { controllers: 'list' },
  evaluate: ({ controllers }, facts) => {
    const line = facts.get('boot', '', ['entry']).entry?.commandLine;
    if (!line) return skip('there is no kernel command line');
    const disabled = [...line.text.matchAll(/(?:^|\s)cgroup_disable=(\S+)/g)].flatMap(([, names = '']) =>
      names.split(','),
    );
    const missing = controllers.filter((name) => disabled.includes(name));
    const evidence = [at(line.location, 'set by')];
    if (missing.length === 0) return pass(undefined, evidence);
    return fail(`the kernel command line disables the cgroup controllers ${missing.join(', ')}`, {
      expected: controllers.join(', '),
      found: `cgroup_disable=${disabled.join(',')}`,
      evidence,
    });
  },
};
