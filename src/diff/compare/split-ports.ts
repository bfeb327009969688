/** Ranges of ports cut where either side's ranges begin or end, so that each part is in one state on each side. */
import { lastPort } from '../../facts/firewall/ports.ts';
import { createTable } from '../../table.ts';
import type { PortraitRecord } from '../portrait/portrait.ts';

export interface SplitPorts {
  readonly a: readonly PortraitRecord[];
  readonly b: readonly PortraitRecord[];
  /** Records that are equal as a whole. */
  readonly equal: number;
}

/**
 * Records such as `tcp` with `open: 0-21 23-65535` become `tcp 22` with a state; parts that are equal are left out, and those of
 * IPv6 that say what those of IPv4 say.
 */
export function splitPortRecords(a: readonly PortraitRecord[], b: readonly PortraitRecord[]): SplitPorts {
  const split = { a: [] as PortraitRecord[], b: [] as PortraitRecord[], equal: 0 };
  const others = new Map(b.map((record) => [record.key, record]));
  const told = new Set<string>();
  for (const record of a) {
    const other = others.get(record.key);
    if (!other) continue;
    const [ours, theirs] = [statesOf(record), statesOf(other)];
    const parts = differingParts(ours, theirs);
    if (parts.length === 0) split.equal++;
    const [protocol] = record.key.split(' ');
    for (const { from, to } of parts) {
      const what = `${protocol} ${from} ${to} ${ours[from]} ${theirs[from]}`;
      if (told.has(what)) continue;
      told.add(what);
      const key = `${record.key} ${from === to ? from : `${from}-${to}`}`;
      split.a.push(stateRecord(key, ours[from]));
      split.b.push(stateRecord(key, theirs[from]));
    }
  }
  return split;
}

/** The state of each port. Ranges that overlap come from no image: the first counts, and all together are no more than the ports. */
function statesOf({ fields }: PortraitRecord): readonly string[] {
  const states: string[] = new Array(lastPort + 1).fill('unknown');
  let left = states.length;
  for (const [state, { values }] of Object.entries(fields)) {
    for (const text of values) {
      const [from = Number.NaN, to = from] = text.split('-', 2).map(Number);
      for (let port = from; port <= to && port <= lastPort && left > 0; port++, left--) states[port] = state;
    }
  }
  return states;
}

function differingParts(
  a: readonly string[],
  b: readonly string[],
): readonly { readonly from: number; readonly to: number }[] {
  const parts: { from: number; to: number }[] = [];
  for (let port = 0; port <= lastPort; port++) {
    if (a[port] === b[port]) continue;
    const last = parts.at(-1);
    if (last && last.to === port - 1 && a[port] === a[last.to] && b[port] === b[last.to]) last.to = port;
    else parts.push({ from: port, to: port });
  }
  return parts;
}

function stateRecord(key: string, state: string | undefined): PortraitRecord {
  return { key, fields: createTable([['state', { values: [state ?? 'unknown'] }]]) };
}
