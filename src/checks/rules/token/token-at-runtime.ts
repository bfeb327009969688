/** A token below /run is decrypted on the running machine: whether it will be there is not in the image. */
import { skip, undecidable } from '../../verdict.ts';
import type { Rule } from '../rule.ts';
import { tokenParts } from './token-sources.ts';

export const tokenAtRuntime: Rule<Record<string, never>> = {
  id: 'token-at-runtime',
  title: 'A token that is decrypted after boot is named as such',
  needs: ['k3s'],
  options: {},
  // It never fails and never passes unseen: the contract uses it to say what cannot be told.
  evaluate: (_, facts) => {
    const { tokens } = facts.get('k3s', '', tokenParts);
    const late = tokens.find(({ isFile, value }) => isFile && value.startsWith('/run/'));
    if (late) return undecidable(`the token ${late.value} is made after boot`);
    return skip('no token is read from /run');
  },
};
