/** Every store path that the system refers to is in the store: one that is not fails when it is first used. */
import { at, fail, inconclusive, pass, skip } from '../../verdict.ts';
import type { Rule } from '../rule.ts';

/** Missing paths that are named. */
const SHOWN = 5;

export const storeComplete: Rule<Record<string, never>> = {
  id: 'store-complete',
  title: 'The Nix store holds everything the system refers to',
  needs: ['nix-store'],
  options: {},
  evaluate: (_, facts) => {
    const { system, closure } = facts.get('nix-store', '', ['closure']);
    if (!system) return skip('the image has no NixOS system');
    if (!closure) return inconclusive('what the system refers to could not be read');
    const { missing, paths, by } = closure;
    const isGuess = by === 'scan';
    if (missing.length === 0)
      return pass(isGuess ? 'by the names in its files; what is compressed was not looked into' : undefined);
    const named = missing.slice(0, SHOWN).map(({ path, referrer }) => `${path} (wanted by ${referrer})`);
    const more = missing.length > SHOWN ? ` and ${missing.length - SHOWN} more` : '';
    return fail(`the store lacks ${named.join(', ')}${more}`, {
      expected: `${paths.size} paths`,
      found: `${missing.length} missing`,
      evidence: missing.slice(0, SHOWN).map(({ location }) => at(location, 'named by')),
    });
  },
};
