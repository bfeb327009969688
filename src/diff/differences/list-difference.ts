/** Which listed difference a change is, if any. */

import type { Change, ChangeSide } from '../change.ts';
import { matchesName } from '../compare/match-name.ts';
import type { ListedDifference } from './difference.ts';

export interface SidePlatforms {
  readonly a: string;
  readonly b: string;
}

/** `today` as `2026-12-31`: what has expired explains nothing. */
export function findListed(
  change: Change,
  listed: readonly ListedDifference[],
  platforms: SidePlatforms,
  today: string,
): ListedDifference | undefined {
  return listed.find((one) => explains(one, change, platforms, today));
}

function explains(one: ListedDifference, change: Change, { a, b }: SidePlatforms, today: string): boolean {
  if (!one.concern.includes(change.concern)) return false;
  if (one.expires !== undefined && one.expires < today) return false;
  const [first, second] = one.between ?? [];
  const isBetween =
    first === undefined ||
    second === undefined ||
    (isPlatform(first, a) && isPlatform(second, b)) ||
    (isPlatform(first, b) && isPlatform(second, a));
  if (!isBetween) return false;
  const names = [change.name, change.otherName ?? change.name];
  if (one.record && !names.some((name) => matchesAny(one.record, name))) return false;
  const isOneSided = change.field === undefined && (!change.a || !change.b);
  if (one.field && (change.field === undefined || !matchesAny(one.field, change.field))) return false;
  if (one.only !== undefined) {
    const platform = change.a && !change.b ? a : change.b && !change.a ? b : undefined;
    if (!isOneSided || platform === undefined || !(one.only === 'any' || isPlatform(one.only, platform))) return false;
  }
  if (one.lacks?.some((field) => change.has?.includes(field))) return false;
  return hasValues(one, a, change.a) && hasValues(one, b, change.b);
}

/** An ISAR image is a Debian image. */
function isPlatform(wanted: string, platform: string): boolean {
  return wanted === platform || (wanted === 'debian' && platform === 'isar');
}

function matchesAny(patterns: readonly string[] | undefined, text: string): boolean {
  return patterns?.some((pattern) => matchesName(pattern, text)) ?? false;
}

/** Of what only one side has, nothing is expected of the other. */
function hasValues({ values, only }: ListedDifference, platform: string, side: ChangeSide | undefined): boolean {
  if (!values || (only !== undefined && !side)) return true;
  const wanted = Object.entries(values).find(([name]) => isPlatform(name, platform))?.[1];
  return wanted === undefined || (side?.values.every((value) => matchesAny(wanted, value)) ?? false);
}
