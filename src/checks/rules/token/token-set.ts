/**
 * A token is configured. For a server its own file is the contract, any other source passes with a note; an agent reads only
 * what its settings give it, never `<data-dir>/server/token`.
 */
import { at, fail, inconclusive, pass, skip, undecidable } from '../../verdict.ts';
import type { Rule } from '../rule.ts';
import { tokenParts } from './token-sources.ts';

interface Options {
  /** The server's own token file. */
  readonly file?: string;
  /** A file that looks like the token but is not read by this role. */
  readonly unused?: string;
  /** Beginnings of paths that are filled after the image is built; `/run/` unless given. The Nix store never is. */
  readonly delivered?: readonly string[];
  /** The service whose settings may give one: masked, it has none, and another check says so. */
  readonly unit?: string;
}

export const tokenSet: Rule<Options> = {
  id: 'token-set',
  title: 'A token is configured where this role reads it',
  needs: ['k3s', 'file', 'unit'],
  options: { 'file?': 'text', 'unused?': 'text', 'delivered?': 'list', 'unit?': 'text' },
  evaluate: ({ file, unused, delivered = ['/run/'], unit: service }, facts) => {
    if (file !== undefined) {
      const own = facts.get('file', file);
      if (own.state === 'unreadable') return inconclusive(`${file} could not be read`, own.location);
      if (own.state === 'present') return pass(undefined, [at(own.location)]);
    }
    const { tokens, unit = 'the k3s service' } = facts.get('k3s', '', tokenParts);
    const [token] = tokens;
    if (!token && service !== undefined && facts.get('unit', service).loadState === 'masked')
      return skip(`${service} is masked`);
    if (!token) {
      const stray = unused === undefined ? undefined : facts.get('file', unused);
      const note = stray?.state === 'present' ? `; ${unused} is not read by this role` : '';
      return fail(`no token is configured for ${unit}${note}`, {
        expected: file ?? '--token, --token-file, K3S_TOKEN, K3S_TOKEN_FILE or the key token',
        found: 'none',
        evidence: [
          ...(file === undefined ? [] : [at(facts.get('file', file).location, 'missing')]),
          ...(stray?.state === 'present' ? [at(stray.location, 'unused')] : []),
        ],
      });
    }
    const evidence = [at(token.location, 'set by')];
    if (token.isFile) {
      const target = facts.get('file', token.value);
      if (target.state === 'unreadable') return inconclusive(`${token.value} could not be read`, target.location);
      if (target.state === 'missing') {
        const isLater = delivered.some((start) => token.value.startsWith(start)) && !isStorePath(token.value);
        if (isLater) return undecidable(`the token comes after the image is built: ${token.value}`);
        return fail(`the token file ${token.value} is not there`, { expected: 'present', found: 'missing', evidence });
      }
    }
    return pass(file === undefined ? undefined : `the token comes from --${token.flag}, not from ${file}`, evidence);
  },
};

const isStorePath = (path: string): boolean => path.startsWith('/nix/store/');
