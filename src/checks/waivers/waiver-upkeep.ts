/** Findings about the waivers themselves: those that have expired, that cover more than one thing may need, and that nothing needs. */
import { formatLocation } from '../../location.ts';
import type { CheckResult } from '../check.ts';
import type { ImageResult } from '../result.ts';
import { at, fail } from '../verdict.ts';
import { isExpired } from './apply-waivers.ts';
import { namesRule, type WaiverRule } from './waiver-rule.ts';

const kinds = {
  'waiver/expired': { title: 'no waiver has expired', fix: 'Fix what it covers, or agree on another date.' },
  'waiver/too-wide': {
    title: 'no waiver is wider than one exception',
    fix: 'Name the check, and the path, unit or package.',
  },
  'waiver/unused': { title: 'every waiver is needed', fix: 'Remove it.' },
} as const;

/** `across` are results between images. */
export function findWaiverUpkeep(
  waivers: readonly WaiverRule[],
  images: readonly ImageResult[],
  today: string,
  across: readonly CheckResult[] = [],
): readonly CheckResult[] {
  const used = usedPlaces(images, across);
  return waivers.flatMap((waiver) => {
    const { rule, owner, expires } = waiver;
    if (isExpired(waiver, today))
      return [finding('waiver/expired', waiver, `the waiver of ${rule} has expired on ${expires} (${owner})`)];
    const wide = widthOf(waiver);
    return [
      ...(wide === undefined ? [] : [finding('waiver/too-wide', waiver, `the waiver of ${rule} ${wide}`)]),
      ...(used.has(formatLocation(waiver.location)) || !isDecided(waiver, images)
        ? []
        : [finding('waiver/unused', waiver, `the waiver of ${rule} covers no failure`)]),
    ];
  });
}

/** Where the waivers are written that cover a failure of an image. */
function usedPlaces(images: readonly ImageResult[], across: readonly CheckResult[]): ReadonlySet<string> {
  const inImages = images.flatMap((image) => (image.state === 'judged' ? image.judgement.results : []));
  const results = [...inImages, ...across];
  return new Set(results.flatMap(({ waiver }) => (waiver?.by === 'waiver' ? [formatLocation(waiver.location)] : [])));
}

function finding(id: keyof typeof kinds, { location }: WaiverRule, message: string): CheckResult {
  return { id, ...kinds[id], severity: 'should', references: [], verdict: fail(message, { evidence: [at(location)] }) };
}

/** Why a waiver is too wide, if it is. */
function widthOf({ rule, path: paths, unit: units, package: packages }: WaiverRule): string | undefined {
  const isBounded = (patterns: readonly string[]): boolean => patterns.every((pattern) => /[^*?/]/.test(pattern));
  const given = [paths, units, packages].flatMap((patterns) => (patterns ? [patterns] : []));
  if (rule === '*') return 'covers every check';
  if (given.some((patterns) => !isBounded(patterns))) return 'covers every path or name';
  return rule.endsWith('*') && given.length === 0 ? 'covers several checks wherever they fail' : undefined;
}

/** Whether everything the waiver might cover was judged: only then is it known that nothing needs it. */
function isDecided(waiver: WaiverRule, images: readonly ImageResult[]): boolean {
  const results = images.flatMap((image) =>
    image.state === 'judged' ? image.judgement.results.filter(({ id }) => namesRule(waiver, id)) : [undefined],
  );
  return results.length > 0 && results.every((result) => result && ['pass', 'fail'].includes(result.verdict.status));
}
