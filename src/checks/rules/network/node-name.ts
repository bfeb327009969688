/** A node has a name of its own: its host name, or the one k3s is given. */
import { at, fail, pass } from '../../verdict.ts';
import type { Rule } from '../rule.ts';

interface Options {
  /** Names that were never meant to stay. */
  readonly placeholders: readonly string[];
}

export const nodeName: Rule<Options> = {
  id: 'node-name',
  title: 'The node has a name that is set and no placeholder',
  needs: ['platform', 'k3s'],
  options: { placeholders: 'list' },
  evaluate: ({ placeholders }, facts) => {
    const { settings } = facts.get('k3s', '', ['arguments', 'environment', 'settings', 'node-name', 'with-node-id']);
    const given = settings['node-name'];
    const { hostname } = facts.get('platform');
    const name = given?.values.at(-1) ?? hostname?.value;
    const location = given?.location ?? hostname?.location;
    const expected = 'a name of the node';
    if (name === undefined || name === '')
      return fail('the node has no host name, and k3s is given none', { expected, found: 'none' });
    const evidence = location ? [at(location, 'set by')] : [];
    if (settings['with-node-id']?.values.at(-1) === 'true')
      return pass('k3s adds an id of the node to its name', evidence);
    if (!placeholders.includes(name.toLowerCase())) return pass(undefined, evidence);
    return fail(`the node is called ${name}, as every node made from this image`, { expected, found: name, evidence });
  },
};
