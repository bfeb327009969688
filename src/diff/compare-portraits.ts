/** Two portraits into classed changes. Pure: what day it is, is given. */
import { type Change, type ChangeClass, changeClasses, isAtLeast } from './change.ts';
import { classifyChanges } from './classify.ts';
import { type ComparedConcern, compareConcern } from './compare/compare-concern.ts';
import { settleK3sCommand } from './compare/k3s-command.ts';
import { type ConcernCount, type DiffResult, type DiffSide, exitCodeOf, type Unverified } from './diff-result.ts';
import type { DifferenceList, ListedDifference } from './differences/difference.ts';
import { findExpired } from './differences/expired-waivers.ts';
import type { Portrait, PortraitConcern, PortraitGap } from './portrait/portrait.ts';
import { concerns } from './portrait/registry.ts';
import { findViolations, haveOneContract } from './violations.ts';

export interface DiffOptions {
  readonly builtIn: readonly DifferenceList[];
  readonly waivers: readonly ListedDifference[];
  /** Ids of the concerns to compare, all unless given. */
  readonly only?: ReadonlySet<string>;
  readonly failOn: ChangeClass;
  /** `2026-12-31`. */
  readonly today: string;
  readonly tool: { readonly name: string; readonly version: string };
  /** Changes of concerns that no portrait has, and what of them could not be read. */
  readonly more?: MoreChanges;
}

export interface MoreChanges {
  readonly changes: readonly Change[];
  readonly counts: readonly Omit<ConcernCount, 'classes'>[];
  readonly unverified: readonly Unverified[];
}

export function comparePortraits(a: Portrait, b: Portrait, options: DiffOptions): DiffResult {
  const { builtIn, waivers, only, failOn, today, tool, more } = options;
  const wanted = concerns.filter(({ id }) => !only || only.has(id));
  const compared = wanted.map(({ id, title }) => ({ id, title, ...compareOne(id, a, b, options) }));
  const told = compared.flatMap(({ changes }) => changes);
  const hasFlags = compared.some(({ id, absent }) => id === 'k3s' && absent === undefined);
  const found = [...(hasFlags ? settleK3sCommand(told, a, b) : told), ...(more?.changes ?? [])];
  const classed = classifyChanges(found, {
    builtIn,
    waivers,
    today,
    platforms: { a: a.platform, b: b.platform },
    violations: findViolations(a, b),
  }).filter(({ concern }) => !only || concern !== 'contract' || only.has('contract'));
  const counts = [
    ...compared.map(({ id, title, equal, absent }) => ({
      concern: id,
      title,
      equal,
      ...(absent === undefined ? {} : { absent }),
    })),
    ...(more?.counts ?? []),
    { concern: 'contract', title: 'contract', equal: countAgreements(a, b) },
  ].map((count) => ({ ...count, classes: countClasses(classed, count.concern) }));
  const result = {
    tool,
    a: describeSide(a),
    b: describeSide(b),
    contract: { name: a.contract.name, version: a.contract.version },
    changes: inOrder(
      classed,
      counts.map(({ concern }) => concern),
    ),
    counts,
    unverified: [
      ...compared.flatMap(({ unverified }) => unverified),
      ...(more?.unverified ?? []),
      ...unverifiedVerdicts(a, b),
      ...damageOf('a', a),
      ...damageOf('b', b),
    ],
    upkeep: findExpired(waivers, today),
    failOn,
  };
  return { ...result, exitCode: exitCodeOf(result) };
}

interface Compared extends ComparedConcern {
  readonly absent?: string;
  readonly unverified: readonly Unverified[];
}

const missing: PortraitConcern = { records: [], gaps: [], absent: 'the saved facts leave it out' };

function compareOne(concern: string, a: Portrait, b: Portrait, { builtIn }: DiffOptions): Compared {
  const [ours, theirs] = [a.concerns[concern] ?? missing, b.concerns[concern] ?? missing];
  const unverified = [...unverifiedOf('a', concern, ours.gaps), ...unverifiedOf('b', concern, theirs.gaps)];
  const absent = ours.absent ?? theirs.absent;
  if (absent !== undefined) return { changes: [], equal: 0, unverified, absent };
  if (ours.records === theirs.records && unverified.length === 0)
    return { changes: [], equal: ours.records.length, unverified };
  const names = new Set([...ours.records, ...theirs.records].map(({ key }) => key));
  const gaps = [...ours.gaps, ...theirs.gaps];
  // A gap that names no record of either side may touch any of them.
  if (gaps.some(({ keys }) => !keys?.some((key) => names.has(key))))
    return { changes: [], equal: 0, unverified, absent: 'evidence could not be read' };
  const unread = new Set(gaps.flatMap(({ keys = [] }) => keys));
  const isAcross = (a.platform === 'nixos') !== (b.platform === 'nixos');
  const compared = compareConcern({
    concern,
    a: ours.records,
    b: theirs.records,
    names: builtIn.flatMap((list) => list.names[concern] ?? []),
    isAcross,
    isKnown: (name) => !unread.has(name),
  });
  return { ...compared, unverified };
}

function unverifiedOf(side: 'a' | 'b', concern: string, gaps: readonly PortraitGap[]): readonly Unverified[] {
  return gaps.map(({ message, at }) => ({ side, concern, message, ...(at ? { at } : {}) }));
}

const damageOf = (side: 'a' | 'b', { damage }: Portrait) => unverifiedOf(side, 'image', damage);

/**
 * A check that must hold and that one side gave no evidence for: nobody knows whether a change breaks it. Where both sides give the
 * same answer nothing differs: damage is a gap of its concern besides.
 */
function unverifiedVerdicts(a: Portrait, b: Portrait): readonly Unverified[] {
  if (!haveOneContract(a, b)) {
    const [ours, theirs] = [a, b].map(({ contract }) => `${contract.name} ${contract.version}`);
    const message = `its facts were judged by ${theirs}, those of the other side by ${ours}`;
    return [{ side: 'b', concern: 'contract', message }];
  }
  return [...unverifiedOn('a', a, b), ...unverifiedOn('b', b, a)];
}

function unverifiedOn(side: 'a' | 'b', { verdicts }: Portrait, other: Portrait): readonly Unverified[] {
  const answers = new Map(other.verdicts.map(({ id, message }) => [id, message]));
  return verdicts
    .filter(
      ({ id, severity, isInconclusive, message }) =>
        severity === 'must' && isInconclusive && answers.get(id) !== message,
    )
    .map(({ id, message = '' }) => ({ side, concern: 'contract', message: `${id}: ${message}` }));
}

function countAgreements(a: Portrait, b: Portrait): number {
  const others = new Map(b.verdicts.map(({ id, status }) => [id, status]));
  return a.verdicts.filter(({ id, status }) => others.get(id) === status).length;
}

function countClasses(changes: readonly Change[], concern: string): Readonly<Record<ChangeClass, number>> {
  const counts = { noise: 0, equivalent: 0, intended: 0, drift: 0, breaking: 0 };
  for (const change of changes) if (change.concern === concern) counts[change.class]++;
  return counts;
}

/** By concern, then the gravest first, then by name. */
function inOrder(changes: readonly Change[], order: readonly string[]): readonly Change[] {
  const rank = (one: Change): number => -changeClasses.indexOf(one.class);
  return order.flatMap((concern) =>
    changes
      .filter((change) => change.concern === concern)
      .toSorted((x, y) => rank(x) - rank(y) || compareText(x.name, y.name)),
  );
}

/** Numbers in names by their value: port 22 before port 2379. */
const { compare: compareText } = new Intl.Collator('en', { numeric: true });

function describeSide({ image, platform, system, contract, verdicts }: Portrait): DiffSide {
  const counts = { pass: 0, fail: 0, unknown: 0, skip: 0 };
  for (const { status } of verdicts) counts[status]++;
  return { image, platform, system, parameters: contract.parameters, verdicts: counts };
}

/** Changes that fail the run. */
export function failing({ changes, failOn }: DiffResult): readonly Change[] {
  return changes.filter((change) => isAtLeast(change.class, failOn));
}
