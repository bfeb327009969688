/**
 * Versions against ranges. `debian`: as dpkg orders them. `plain`: dotted numbers with an optional leading `v`, a build part
 * after `+` that counts only if the range names one, and a pre-release tag after `-` that lies in no range.
 */
import { isInVersionRange, parseVersionRange } from '../../facts/packages/version-range.ts';

export type VersionScheme = 'plain' | 'debian';

/** Whether the text names a pre-release (`v1.32.0-rc1+k3s1`). */
export function isPreRelease(text: string): boolean {
  return /^v?[0-9]{1,9}(?:\.[0-9]{1,9}){0,4}-/.test(text);
}

/** False too if the range is none: contracts are held to that when they are loaded. */
export function satisfiesRange(version: string, range: string, scheme: VersionScheme): boolean {
  if (scheme === 'debian') return isInVersionRange(version, parseVersionRange(range) ?? []);
  if (isPreRelease(version)) return false;
  const relations = parseVersionRange(range.replaceAll(/(^|[\s=<>,])v(?=[0-9])/g, '$1')) ?? [];
  const plain = version.replace(/^v/, '');
  const release = plain.replace(/\+.*$/, '');
  return (
    relations.length > 0 &&
    relations.every((one) => isInVersionRange(one.version.includes('+') ? plain : release, [one]))
  );
}

export function isVersionRange(range: string): boolean {
  return (parseVersionRange(range)?.length ?? 0) > 0;
}
