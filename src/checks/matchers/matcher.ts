/**
 * What a contract says about a value: a scalar, which it equals, or a map of conditions which all hold.
 * Beside them `accept` (not the contract's value, but as good: passes with a note) and `tolerate` (a finding of
 * severity should only). One row of `conditions` per word of the language.
 */
import type { Scalar } from '../contract.ts';
import type { Domain } from './domain.ts';
import { compilePattern, patternProblem } from './pattern.ts';
import { isVersionRange, satisfiesRange, type VersionScheme } from './version.ts';

export interface Conditions {
  readonly equals?: Scalar;
  readonly 'one-of'?: readonly Scalar[];
  readonly not?: Scalar;
  readonly min?: Scalar;
  readonly max?: Scalar;
  readonly version?: string;
  readonly matches?: string;
  /** Mode bits that must all be set. */
  readonly includes?: Scalar;
  /** Mode bits beside which none may be set. */
  readonly within?: Scalar;
  readonly absent?: boolean;
}

export interface GradedConditions extends Conditions {
  readonly accept?: Conditions;
  readonly tolerate?: Conditions;
}

export type Matcher = Scalar | GradedConditions;

/** `undecided`: the pattern's budget ran out. */
export type Grade = 'equal' | 'accepted' | 'tolerated' | 'different' | 'undecided';

interface MatchContext {
  readonly domain: Domain;
  readonly scheme: VersionScheme;
}

type Test = (found: string, wanted: never, context: MatchContext) => boolean | undefined;

interface ConditionRow {
  readonly holds: Test;
  /** In words, after the name of the value: `at least 8192`. */
  readonly words: (wanted: never) => string;
}

const equals = (found: string, wanted: Scalar, { domain }: MatchContext): boolean => {
  const key = domain.parse(found)?.key;
  return key !== undefined && key === domain.parse(String(wanted))?.key;
};

const ordered =
  (test: (found: bigint, wanted: bigint) => boolean) =>
  (found: string, wanted: Scalar, { domain }: MatchContext): boolean => {
    const [a, b] = [domain.parse(found)?.rank, domain.parse(String(wanted))?.rank];
    return a !== undefined && b !== undefined && test(a, b);
  };

const conditions: { readonly [K in Exclude<keyof Conditions, 'absent'>]-?: ConditionRow } = {
  equals: { holds: equals, words: (wanted: Scalar) => String(wanted) },
  'one-of': {
    holds: (found, wanted: readonly Scalar[], context) => wanted.some((one) => equals(found, one, context)),
    words: (wanted: readonly Scalar[]) => `one of ${wanted.join(', ')}`,
  },
  not: {
    holds: (found, wanted: Scalar, context) => !equals(found, wanted, context),
    words: (wanted: Scalar) => `not ${wanted}`,
  },
  min: { holds: ordered((a, b) => a >= b), words: (wanted: Scalar) => `at least ${wanted}` },
  max: { holds: ordered((a, b) => a <= b), words: (wanted: Scalar) => `at most ${wanted}` },
  version: {
    holds: (found, wanted: string, { scheme }) => satisfiesRange(found, wanted, scheme),
    words: (wanted: string) => wanted,
  },
  matches: {
    holds: (found, wanted: string) => compilePattern(wanted).test(found),
    words: (wanted: string) => `something that matches ${wanted}`,
  },
  includes: {
    holds: ordered((a, b) => (a & b) === b),
    words: (wanted: Scalar) => `all bits of ${wanted}`,
  },
  within: {
    holds: ordered((a, b) => (a & ~b) === 0n),
    words: (wanted: Scalar) => `no bit outside ${wanted}`,
  },
};

const gradedOf = (matcher: Matcher): GradedConditions => (typeof matcher === 'object' ? matcher : { equals: matcher });

/** How a value stands to the matcher; `found` is undefined when there is none. */
export function gradeValue(
  matcher: Matcher,
  found: string | undefined,
  domain: Domain,
  scheme: VersionScheme = 'plain',
): Grade {
  const { accept, tolerate, ...wanted } = gradedOf(matcher);
  const context = { domain, scheme };
  for (const [grade, part] of [
    ['equal', wanted],
    ['accepted', accept],
    ['tolerated', tolerate],
  ] as const) {
    const holds = part && holdsAll(part, found, context);
    if (holds === undefined && part) return 'undecided';
    if (holds) return grade;
  }
  return 'different';
}

function holdsAll(wanted: Conditions, found: string | undefined, context: MatchContext): boolean | undefined {
  if (wanted.absent === true) return found === undefined;
  if (found === undefined) return false;
  for (const [word, row] of Object.entries(conditions)) {
    const value = wanted[word as keyof typeof conditions];
    if (value === undefined) continue;
    const holds = row.holds(found, value as never, context);
    if (holds !== true) return holds;
  }
  return true;
}

/** The matcher in words, to follow the name of the value: `process`, `at least 8192`, `one of a, b`. */
export function formatMatcher(matcher: Matcher): string {
  const wanted = gradedOf(matcher);
  if (wanted.absent === true) return 'none';
  // "524288, larger accepted" is what people call a minimum.
  if (wanted.accept?.min !== undefined && wanted.accept.min === wanted.equals) return `at least ${wanted.equals}`;
  return Object.entries(conditions)
    .flatMap(([word, row]) => {
      const value = wanted[word as keyof typeof conditions];
      return value === undefined ? [] : [row.words(value as never)];
    })
    .join(' and ');
}

/** Why nothing could fail this matcher, or what is wrong with it; undefined if it is sound. */
export function matcherProblem(matcher: Matcher, domain?: Domain): string | undefined {
  const { accept, tolerate, ...wanted } = gradedOf(matcher);
  if (Object.keys(wanted).length === 0) return 'the value is compared with nothing';
  for (const part of [wanted, accept, tolerate]) {
    const problem = part && conditionsProblem(part, domain);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function conditionsProblem(wanted: Conditions, domain: Domain | undefined): string | undefined {
  if (wanted.absent === false) return 'absent: false says nothing: leave it out';
  if (wanted.version !== undefined && !isVersionRange(wanted.version))
    return `${wanted.version} is not a version range such as 1.32.x or >= 1.2, << 2`;
  if (wanted.within !== undefined && domain?.parse(String(wanted.within))?.rank === 0o7777n)
    return 'every mode lies within 7777';
  const listed = [wanted.equals, wanted.not, wanted.min, wanted.max, wanted.includes, wanted.within];
  const odd = [...listed, ...(wanted['one-of'] ?? [])].find(
    (one) => one !== undefined && domain?.parse(String(one)) === undefined,
  );
  if (odd !== undefined && domain) return `${odd} is not a ${domain.id}`;
  if (wanted.matches === undefined) return undefined;
  const problem = patternProblem(wanted.matches);
  if (problem !== undefined) return `pattern ${wanted.matches}: ${problem}`;
  const pattern = compilePattern(wanted.matches);
  return pattern.test('') && pattern.test('\u0001') ? `the pattern ${wanted.matches} matches every text` : undefined;
}
