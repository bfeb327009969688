/** A link of the boot chain: one thing that must hold for the image to start, judged from facts. */
import type { BootFact } from '../../../facts/boot/boot-fact.ts';
import type { FactId } from '../../../facts/fact.ts';
import type { FactLookup, Verdict } from '../../check.ts';
import { skip } from '../../verdict.ts';

export interface BootLink {
  /** As a contract names it. */
  readonly id: string;
  readonly needs: readonly FactId[];
  judge(facts: FactLookup): Verdict;
}

/** Why an image that is no disk has no such link. */
export const notADisk = skip('the image is a file system without a boot loader: what starts it is not part of it');

/** Whether the image claims to start by itself: it has a partition table, or a boot loader's menu. */
export function startsByItself({ table, menus }: BootFact): boolean {
  return table !== 'none' || menus.length > 0;
}
