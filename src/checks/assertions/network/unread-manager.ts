/** Managers that configure interfaces by files that are not read: what such a file says cannot be told from its absence elsewhere. */
import type { NetworkFact } from '../../../facts/network/network-fact.ts';
import type { Verdict } from '../../check.ts';
import { inconclusive } from '../../verdict.ts';

const unread: ReadonlySet<string> = new Set(['dhcpcd', 'connman', 'scripts']);

/** A manager that starts and may do what no file says; undefined if there is none. */
export function unreadManager(fact: NetworkFact): Verdict | undefined {
  const running = fact.managers.find(({ manager, state }) => unread.has(manager) && state !== 'not started');
  return running && inconclusive(`${running.unit} configures interfaces in a way that is not read`, running.location);
}
