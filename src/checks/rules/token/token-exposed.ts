/** The token is not written where every user of the node can read it: unit file, environment file, configuration. */
import { at, fail, inconclusive, pass, skip } from '../../verdict.ts';
import type { Rule } from '../rule.ts';
import { tokenParts } from './token-sources.ts';

const readableByOthers = 0o004;

interface Options {
  /** The server's own token file, which is judged by a check of its own. */
  readonly file?: string;
}

export const tokenExposed: Rule<Options> = {
  id: 'token-exposed',
  title: 'No file that everybody may read holds the token',
  needs: ['k3s', 'file'],
  options: { 'file?': 'text' },
  evaluate: ({ file: own }, facts) => {
    const { tokens } = facts.get('k3s', '', tokenParts);
    if (tokens.length === 0) {
      const kept = own !== undefined && facts.get('file', own).state === 'present';
      return kept ? pass() : skip('no token is in the image');
    }
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
