/** What every report for machines shows: the results in groups, how each one stands, and the lines that explain it. */
import type { Basis, CheckResult, Evidence, Waiver } from '../checks/check.ts';
import type { ClusterResult } from '../checks/cluster/judge-clusters.ts';
import type { ExitCode, ImageResult, RunResult, Strictness } from '../checks/result.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { formatLocation, type Location } from '../location.ts';

/** The results of one image, of images as one cluster, or those about the waivers. */
export interface Group {
  readonly label: string;
  readonly results: readonly CheckResult[];
  readonly diagnostics: readonly Diagnostic[];
}

/** `unverified`: the evidence could not be read. `undecidable`: no image can tell. */
export type Standing = 'fail' | 'waived' | 'unverified' | 'undecidable' | 'pass' | 'skip';

/** An image that could not be opened has one result: that nothing could be verified. */
export function groupsOf({ images, upkeep = [], clusters = [] }: RunResult): readonly Group[] {
  const groups = images.map((image) =>
    image.state === 'judged'
      ? groupOf(image)
      : { label: image.subject.label, results: [unreadableResult(image)], diagnostics: [] },
  );
  groups.push(
    ...clusters.map((cluster) => ({ label: clusterLabel(cluster), results: cluster.results, diagnostics: [] })),
  );
  return upkeep.length > 0 ? [...groups, { label: 'waivers', results: upkeep, diagnostics: [] }] : groups;
}

/** Damage that leaves no verdict is a result like any other, for it decides the exit code. */
function groupOf({ subject, judgement, diagnostics }: Extract<ImageResult, { state: 'judged' }>): Group {
  const decides = (one: Diagnostic): boolean => one.level === 'damage' && one.touches === 'everything';
  const damage = diagnostics.filter(decides).map(({ code, message, location }) => {
    const title = 'the image is the one that was built';
    return unverified(code, title, message, location);
  });
  return {
    label: subject.label,
    results: [...damage, ...judgement.results],
    diagnostics: diagnostics.filter((one) => !decides(one)),
  };
}

/** `cluster of server.wic, agent.wic`. */
export function clusterLabel({ nodes }: ClusterResult): string {
  return `cluster of ${nodes.map(({ image }) => image).join(', ')}`;
}

function unreadableResult({ error }: Extract<ImageResult, { state: 'unreadable' }>): CheckResult {
  const { code, message, location, remedy } = error;
  const result = unverified(code, 'the image can be read', message, location);
  return remedy === undefined ? result : { ...result, fix: remedy };
}

function unverified(id: string, title: string, message: string, location: Location | undefined): CheckResult {
  const evidence = location ? { evidence: [{ role: 'at', location }] } : {};
  const verdict = { status: 'unknown', kind: 'inconclusive', message, ...evidence } as const;
  return { id, title, severity: 'must', references: [], verdict };
}

export function standingOf({ verdict, waiver }: CheckResult): Standing {
  if (verdict.status === 'fail') return waiver ? 'waived' : 'fail';
  if (verdict.status === 'unknown') return verdict.kind === 'inconclusive' ? 'unverified' : 'undecidable';
  return verdict.status;
}

/** How the run was judged, as it is unless something else was asked for. */
export const strictnessOf = ({ strictness }: RunResult): Strictness => strictness ?? { failOn: 'must', strict: false };

/** The title, with what a finding is about: a rule may have many. */
export function titleOf({ title, subject }: CheckResult): string {
  return subject ? `${asOneLine(title)} (${subject.name})` : asOneLine(title);
}

/** The sentence of a result: what is wrong, why it cannot be told, why it was left out; of a pass its title. */
export function sentenceOf({ title, verdict }: CheckResult): string {
  if (verdict.status === 'skip') return verdict.reason;
  return verdict.status === 'pass' ? (verdict.note ?? title) : verdict.message;
}

export function evidenceOf({ verdict }: CheckResult): readonly Evidence[] {
  return verdict.status === 'skip' ? [] : (verdict.evidence ?? []);
}

/** `accepted until the vendor's fix (platform team, until 2026-12-31), waivers.yaml:4`. */
export function describeWaiver({ reason, owner, expires, location }: Waiver): string {
  const terms = [...(owner === undefined ? [] : [owner]), ...(expires === undefined ? [] : [`until ${expires}`])];
  return `${reason}${terms.length > 0 ? ` (${terms.join(', ')})` : ''}, ${formatLocation(location)}`;
}

/** Where a verdict does not rest on the image as it is. */
export const basisWords: Readonly<Partial<Record<Basis, string>>> = {
  derived: 'derived: as activation makes it',
  declared: 'declared: boot makes it',
};

export type Detail = readonly [title: string, text: string];

/** What stands below the sentence of a finding: places, expected and found, the waiver, the fix, the reason, the rule. */
export function detailsOf(result: CheckResult): readonly Detail[] {
  const { verdict, waiver, basis, contract, references, why } = result;
  const fail = verdict.status === 'fail' ? verdict : undefined;
  const fix = fail?.remedy ?? (standingOf(result) === 'pass' ? undefined : result.fix);
  const rule = [...(contract ? [formatLocation(contract)] : []), ...references];
  const optional: readonly (readonly [string, string | undefined])[] = [
    ...evidenceOf(result).map(({ role, location, excerpt }) => {
      const place = formatLocation(location);
      return [role, excerpt === undefined ? place : `${place}  ${excerpt}`] as const;
    }),
    ['expected', fail?.expected],
    ['found', fail?.found],
    ['waived', waiver && describeWaiver(waiver)],
    ['fix', fix && asOneLine(fix)],
    ['basis', basis && basisWords[basis]],
    ['why', why && asOneLine(why)],
    ['rule', rule.length > 0 ? rule.join(', ') : undefined],
  ];
  return optional.filter((detail): detail is Detail => detail[1] !== undefined);
}

/** A text of a contract, which may be folded over lines. */
export function asOneLine(text: string): string {
  return text.trim().replace(/\s*\n\s*/g, ' ');
}

/** How the run ended, in one sentence. */
export function verdictSentence(exitCode: ExitCode): string {
  if (exitCode === 0) return 'The contract holds';
  return exitCode === 1 ? 'The contract does not hold' : 'No verdict: evidence could not be read';
}
