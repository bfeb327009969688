/** The token is not written where every user of the node can read it: unit file, environment file, configuration. */
import { at, fail, inconclusive, pass, skip } from '../../verdict.ts';
import type { Rule } from '../rule.ts';
import { tokenParts } from './token-sources.ts';

const readableByOthers = 0o004;

export const tokenExposed: Rule<Record<string, never>> = {
  id: 'token-exposed',
  title: 'No file that everybody may read holds the token',
  needs: ['k3s', 'file'],
  options: {},
  evaluate: (_, facts) => {
    const { tokens } = facts.get('k3s', '', tokenParts);
    if (tokens.length === 0) return skip('the settings of k3s hold no token');
    for (const { location, value, isFile, flag } of tokens) {
      const path = isFile ? value : location.path;
      if (path === undefined || (isFile && !path.startsWith('/nix/store/'))) continue;
      const file = facts.get('file', path);
      if (file.state === 'unreadable') return inconclusive(`${path} could not be read`, file.location);
      if (file.stat && (file.stat.mode & readableByOthers) !== 0) {
        return fail(`${path} holds the token and everybody may read it`, {
          expected: 'a file only root may read',
          found: `--${flag} in ${path}`,
          evidence: [at(isFile ? file.location : location, 'set by')],
        });
      }
    }
    return pass();
  },
};
