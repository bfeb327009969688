/**
 * `nix-path-registration`, as `closureInfo` and `nix-store --dump-db` write it: per store path its name, the SHA-256 of its
 * NAR serialisation, its size, its deriver (may be empty), the number of its references, and one line for each.
 */
import { ImageError } from '../../errors.ts';
import type { Location } from '../../location.ts';
import { parseStorePath } from './store-path.ts';

export interface RegisteredPath {
  readonly path: string;
  /** As written: `sha256:` and base 32 or 16, or bare base 16. */
  readonly narHash: string;
  /** Bytes of the NAR serialisation. */
  readonly narSize: number;
  readonly references: readonly string[];
}

const MAX_NUMBER = 15;

/** All records; ImageError `corrupt` at the line that is none. */
export function parseRegistration(text: string, file: Location): readonly RegisteredPath[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const records: RegisteredPath[] = [];
  let at = 0;
  const bad = (what: string): ImageError =>
    new ImageError('corrupt', 'nix/bad-registration', `the registration of store paths is damaged: ${what}`, {
      location: { ...file, line: at },
    });
  const next = (what: string): string => {
    const line = lines[at++];
    if (line === undefined) throw bad(`it ends where ${what} should be`);
    return line;
  };
  const storePath = (what: string): string => {
    const line = next(what);
    if (parseStorePath(line)?.rest !== '') throw bad(`${what} expected`);
    return line;
  };
  const number = (what: string): number => {
    const line = next(what);
    if (!/^\d+$/.test(line) || line.length > MAX_NUMBER) throw bad(`${what} expected`);
    return Number(line);
  };
  while (at < lines.length) {
    const path = storePath('a store path');
    const narHash = next('a hash');
    const narSize = number('a size');
    next('a deriver');
    const count = number('a number of references');
    if (count > lines.length - at) throw bad(`${count} references announced`);
    const references = Array.from({ length: count }, () => storePath('a reference'));
    records.push({ path, narHash, narSize, references });
  }
  return records;
}
