/**
 * Whether a waiver covers a failure: it names the check, and every place that decides the failure lies where the waiver says.
 * One place outside, or no place where the waiver asks for one, and the failure counts.
 */
import type { Location } from '../../location.ts';
import type { CheckResult, FindingSubject } from '../check.ts';
import { matchesPath } from './path-pattern.ts';
import { namesRule, type WaiverRule } from './waiver-rule.ts';

/** Whether what lies at a place belongs to a package. */
export type BelongsTo = (location: Location, packageName: string) => boolean;

export interface Judged {
  /** Base name of the image. */
  readonly label: string;
  readonly belongsTo: BelongsTo;
}

export function covers(waiver: WaiverRule, result: CheckResult, { label, belongsTo }: Judged): boolean {
  const { verdict } = result;
  if (verdict.status !== 'fail' || !namesRule(waiver, result.id)) return false;
  if (waiver.image && !waiver.image.some((pattern) => matchesPath(pattern, label))) return false;
  const { path: paths, unit: units, package: packages } = waiver;
  if (!paths && !units && !packages) return true;
  const { subject } = result;
  if (subject && namesSubject(waiver, subject)) return true;
  // What a place overrode did not decide anything.
  const places = verdict.evidence.filter(({ role }) => role !== 'beats').map(({ location }) => location);
  return places.length > 0 && places.every((place) => isInScope(place, waiver, belongsTo));
}

/** Whether the one scope of a waiver is what a finding is about. */
function namesSubject(
  { path: paths, unit: units, package: packages }: WaiverRule,
  { kind, name }: FindingSubject,
): boolean {
  const given = { path: paths, unit: units, package: packages };
  return Object.entries(given).every(([scope, patterns]) =>
    scope === kind ? patterns?.some((pattern) => matchesPath(pattern, name)) : patterns === undefined,
  );
}

function isInScope(
  place: Location,
  { path: paths, unit: units, package: packages }: WaiverRule,
  owns: BelongsTo,
): boolean {
  const { path } = place;
  if (path === undefined) return false;
  const unit = unitOf(path);
  return (
    (!paths || paths.some((pattern) => matchesPath(pattern, path))) &&
    (!units || (unit !== undefined && units.some((pattern) => matchesPath(pattern, unit)))) &&
    (!packages || packages.some((name) => owns(place, name)))
  );
}

const unitFile =
  /\/([^/]+\.(?:service|socket|timer|mount|automount|target|path|slice|swap|device|scope))(?:\.d\/[^/]+\.conf)?$/;

/** The unit that a unit file, a drop-in or a link in `.wants` speaks of. */
function unitOf(path: string): string | undefined {
  return unitFile.exec(path)?.[1];
}
