/** Lists of path patterns in the options of rules: as in waivers, `*` and `?` within a name, `**` across folders. */
import { matchesPath } from '../waivers/path-pattern.ts';

export function isListed(path: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => matchesPath(pattern, path));
}
