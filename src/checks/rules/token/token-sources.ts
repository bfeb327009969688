/** Where a node's token can come from, and what it is there: the server's own file, and what the settings of k3s give. */
import type { K3sToken } from '../../../facts/k3s/k3s-fact.ts';
import type { Location } from '../../../location.ts';
import type { FactLookup } from '../../check.ts';

/** The parts of the k3s fact a token hangs on. */
export const tokenParts = ['role', 'arguments', 'environment', 'settings', 'dataDir', 'token', 'token-file'];

export interface TokenText {
  readonly text: string;
  readonly location: Location;
}

export interface TokenTexts {
  readonly texts: readonly TokenText[];
  /** Files that are named but could not be read, or are made after boot. */
  readonly unread: readonly {
    readonly path: string;
    readonly location: Location;
    readonly state: 'missing' | 'unreadable';
  }[];
}

/** Every token text the image holds for this node; `file` is the server's own token file. */
export function readTokenTexts(file: string | undefined, facts: FactLookup): TokenTexts {
  const { tokens } = facts.get('k3s', '', tokenParts);
  const paths = [...(file === undefined ? [] : [file]), ...tokens.filter(isTokenFile).map(({ value }) => value)];
  const given = tokens
    .filter((token) => !isTokenFile(token))
    .map(({ value, location }): TokenText => ({ text: value.trim(), location }));
  const texts: TokenText[] = [...given];
  const unread: { path: string; location: Location; state: 'missing' | 'unreadable' }[] = [];
  for (const path of new Set(paths)) {
    const { state, text, location } = facts.get('text', path);
    if (state === 'present' && text !== undefined)
      texts.push({ text: text.trim(), location: { ...location, line: 1 } });
    else if (state === 'unreadable' || path !== file)
      unread.push({ path, location, state: state === 'missing' ? state : 'unreadable' });
  }
  return { texts, unread };
}

const isTokenFile = ({ isFile }: K3sToken): boolean => isFile;
