/** A NixOS system states the platform it was built for; its own programs and the node must agree. */
import { at, fail, pass, skip } from '../../verdict.ts';
import type { Rule } from '../rule.ts';

interface Options {
  readonly architecture: string;
}

export const systemArchitecture: Rule<Options> = {
  id: 'system-architecture',
  title: 'The NixOS system is built for the architecture of the node, and so are its programs',
  needs: ['platform'],
  options: { architecture: 'text' },
  evaluate: ({ architecture }, facts) => {
    const { architectureEvidence: witnesses } = facts.get('platform');
    if (witnesses.length === 0) return skip('nothing in the image says what it is built for');
    const other = witnesses.find((one) => one.architecture !== architecture);
    if (!other) return pass();
    const by = other.source === 'system' ? 'the system is' : 'a program of the system is';
    return fail(`${by} built for ${other.architecture}, ${architecture} wanted`, {
      expected: architecture,
      found: other.architecture,
      evidence: [at(other.location)],
    });
  },
};
