/**
 * What the reports for people show of a diff: changes by concern, those that one list explains or that differ alike gathered in
 * one entry, and long lists cut.
 */
import { type Change, type ChangeClass, changeClasses, isAtLeast } from '../../diff/change.ts';
import type { ConcernCount, DiffResult, Unverified } from '../../diff/diff-result.ts';
import type { WaiverUpkeep } from '../../diff/differences/expired-waivers.ts';
import { formatLocation } from '../../location.ts';

/** Several changes of one concern, class and reason. */
export interface ChangeGroup {
  readonly class: ChangeClass;
  readonly listed?: string;
  readonly reason?: string;
  readonly changes: readonly Change[];
}

export interface ConcernGroup {
  readonly count: ConcernCount;
  readonly groups: readonly ChangeGroup[];
}

/** The gravest first. */
export const gravestFirst: readonly ChangeClass[] = [...changeClasses].reverse();

/** Concerns with something to show. Without `all` that is what is intended, or graver. */
export function groupChanges({ counts, changes }: DiffResult, all: boolean): readonly ConcernGroup[] {
  const shown: ReadonlySet<ChangeClass> = new Set(all ? gravestFirst : ['breaking', 'drift', 'intended']);
  return counts.flatMap((count) => {
    const own = changes.filter((change) => change.concern === count.concern && shown.has(change.class));
    return own.length > 0 ? [{ count, groups: groupsOf(own) }] : [];
  });
}

/** Changes that one list explains stand together; drift and breaking changes each for themselves. */
function groupsOf(changes: readonly Change[]): readonly ChangeGroup[] {
  const groups = new Map<string, Change[]>();
  for (const [i, change] of changes.entries()) {
    const { class: kind, listed } = change;
    const key = listed === undefined && kind !== 'equivalent' ? String(i) : `${kind} ${listed ?? change.reason}`;
    groups.set(key, [...(groups.get(key) ?? []), change]);
  }
  return [...groups.values()].map((list) => {
    const { class: kind, listed, reason } = list[0] as Change;
    return {
      class: kind,
      changes: list,
      ...(listed === undefined ? {} : { listed }),
      ...(reason === undefined ? {} : { reason }),
    };
  });
}

/** What stands over several changes: how many, and the list or the package that explains them. */
export function headOf({ changes, listed, reason = '' }: ChangeGroup): {
  readonly title: string;
  readonly why?: string;
} {
  if (listed?.startsWith('package ')) {
    const files = new Set(changes.map(({ name }) => name)).size;
    return { title: `${reason}: ${countOf(files, 'file')}` };
  }
  const title = `${changes.length} changes${listed === undefined ? '' : `, ${listed}`}`;
  return reason === '' ? { title } : { title, why: reason };
}

/** `k3s.service / k3s-server.service  Service.KillMode`. */
export function titleOf({ name, otherName, field }: Change): string {
  const names = otherName === undefined || field === 'name' ? name : `${name} / ${otherName}`;
  return field === undefined || field === 'value' || field === 'name' ? names : `${names}  ${field}`;
}

/** Of a file that has another name: both, and what has become of its content; with the lines that are left. */
export function renameOf({
  concern,
  field,
  a,
  b,
  lines = [],
}: Change): { readonly title: string; readonly lines: readonly string[] } | undefined {
  if (concern !== 'files' || field !== 'path' || !a || !b) return undefined;
  const [first, ...rest] = lines;
  return { title: `${formatSide(a)} is now ${formatSide(b)}${first === undefined ? '' : `, ${first}`}`, lines: rest };
}

/** How the contract judged a side, and by which parameters where the sides have others: what is not asked of one is no violation. */
export function describeVerdicts({ a, b, contract }: DiffResult, side: 'a' | 'b'): string {
  const { platform, parameters, verdicts } = side === 'a' ? a : b;
  if (platform === 'contract') return '';
  const others = (side === 'a' ? b : a).parameters;
  const own = Object.entries(parameters).filter(
    ([name, value]) => name !== 'platform' && name in others && others[name] !== value,
  );
  const { pass, fail, unknown, skip } = verdicts;
  const counts = `contract ${contract.name} ${contract.version}: ${pass} pass, ${fail} fail, ${unknown} unknown, ${skip} not applicable`;
  return [counts, ...own.map(([name, value]) => `${name}=${value}`)].join('  ');
}

export function formatSide(side: Change['a']): string {
  if (!side) return '(none)';
  return side.values.join(' | ') || '(empty)';
}

/** Where a side says so, without the image's name. */
export function placeOf(side: Change['a'], image: string): string | undefined {
  if (!side?.at) return undefined;
  const text = formatLocation(side.at);
  if (!text.startsWith(image)) return text;
  const rest = text.slice(image.length);
  return rest.startsWith('!') || rest.startsWith(':/') ? rest.slice(1) : text;
}

export function describeUnverified({ side, concern, message, at }: Unverified, result: DiffResult): string {
  const place = at && !message.includes(at.source) ? ` (${formatLocation(at)})` : '';
  return `${result[side].image}: ${concern}: ${message}${place}`;
}

/** A waiver that is to be seen to, with its place. */
export function describeUpkeep({ message, at }: WaiverUpkeep): string {
  return at === undefined ? message : `${message}, ${formatLocation(at)}`;
}

/** How the run ended, in one sentence. */
export function diffSentence({ changes, exitCode, failOn }: DiffResult): string {
  if (exitCode === 3) return 'No verdict: evidence could not be read';
  const grave = changes.filter(({ class: kind }) => kind === 'breaking' || kind === 'drift');
  if (exitCode === 1) {
    const breaking = changes.filter(({ class: kind }) => kind === 'breaking').length;
    if (breaking === 0) {
      const failing = changes.filter(({ class: kind }) => isAtLeast(kind, failOn));
      return `${countOf(failing.length, 'change')} of class ${failOn} or graver`;
    }
    const others = grave.length - breaking;
    return `${countOf(breaking, 'breaking change')}${others > 0 ? `, and ${countOf(others, 'other')} that nobody listed` : ''}`;
  }
  return grave.length === 0
    ? 'Nothing meaningful differs'
    : `${countOf(grave.length, 'change')} that nobody listed, none of them breaking`;
}

function countOf(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
