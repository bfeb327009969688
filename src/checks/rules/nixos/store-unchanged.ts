/** Every store path of the system is what Nix built: its content has the hash that was registered with it. */
import { at, fail, inconclusive, pass, skip, undecidable } from '../../verdict.ts';
import type { Rule } from '../rule.ts';

/** Changed paths that are named. */
const SHOWN = 5;

export const storeUnchanged: Rule<Record<string, never>> = {
  id: 'store-unchanged',
  title: 'The store paths of the system have the content that Nix registered',
  needs: ['nix-store', 'nix-hashes'],
  options: {},
  evaluate: (_, facts) => {
    const { system, closure } = facts.get('nix-store', '', ['closure']);
    if (!system) return skip('the image has no NixOS system');
    if (!closure) return inconclusive('what the system refers to could not be read');
    if (closure.by === 'scan') return undecidable('the image does not say what its store paths should be');
    const seen = facts.get('nix-hashes').paths;
    const changed = seen.filter(({ state }) => state === 'changed');
    if (changed.length === 0) return pass(`${seen.filter(({ state }) => state === 'same').length} paths`);
    const more = changed.length > SHOWN ? ` and ${changed.length - SHOWN} more` : '';
    const shown = changed.slice(0, SHOWN);
    return fail(
      `${shown.map(({ path }) => path).join(', ')}${more}: not as Nix built ${changed.length > 1 ? 'them' : 'it'}`,
      {
        expected: shown[0]?.registered ?? 'the registered content',
        found: shown[0]?.hash ?? 'another',
        evidence: shown.map(({ location }) => at(location)),
      },
    );
  },
};
