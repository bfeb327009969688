/**
 * What makes a finding the same finding in the next build: the image's kind, the check, the places, and the sentence,
 * without what a rebuild changes (dates and hashes in names, versions, store hashes, numbers, lines).
 */
import { createHash } from 'node:crypto';
import type { Location } from '../location.ts';
import type { CheckResult } from './check.ts';

/** 32 hexadecimal digits. `label` is the name of the image. */
export function fingerprintOf(label: string, { id, verdict }: CheckResult): string {
  const sentence = 'message' in verdict ? verdict.message : '';
  const places = 'evidence' in verdict ? (verdict.evidence ?? []) : [];
  const parts = [
    kindOfImage(label),
    id,
    verdict.status,
    maskBuild(sentence),
    ...[...new Set(places.map(({ location }) => maskBuild(placeOf(location))))].sort(),
  ];
  // JSON keeps the parts apart, and lone surrogates too.
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}

/** What an image is called whatever its build, and however it was compressed for keeping. */
export function kindOfImage(label: string): string {
  return maskBuild(label.replace(/\.(?:zst|xz|gz|bz2|lz4|lzma)$/, ''));
}

/** Volume and path, without the image's name. */
function placeOf({ source, path = '' }: Location): string {
  const nested = source.indexOf('!');
  return `${nested < 0 ? '' : source.slice(nested + 1)}:${path}`;
}

/** Store hashes, commit ids and other hexadecimal names, then every number, become `#`. */
export function maskBuild(text: string): string {
  return text
    .replace(/\b[0-9a-z]{32}-/g, '#-')
    .replace(/\b(?=[a-f]*[0-9])[0-9a-f]{7,64}\b/g, '#')
    .replace(/[0-9]+/g, '#');
}
