/** Comparing as one call: two images in, the classed changes out. */
import type { Contract } from '../../checks/contract.ts';
import { comparePortraits, type DiffOptions } from '../../diff/compare-portraits.ts';
import type { DiffResult } from '../../diff/diff-result.ts';
import { loadDifferences } from '../../diff/differences/registry.ts';
import { defaultLimits } from '../../limits.ts';
import { version } from '../version.ts';
import { readSide } from './read-side.ts';

export interface DiffPathsOptions extends Partial<Pick<DiffOptions, 'failOn' | 'only' | 'waivers'>> {
  /** Parameters of the contract. */
  readonly set?: ReadonlyMap<string, string>;
}

/** Host paths of images, or of files that `inspect --facts` made. The contract tells which changes break it. Throws ImageError. */
export async function diff(
  a: string,
  b: string,
  contract: Contract,
  { set = new Map(), failOn = 'breaking', waivers = [], only }: DiffPathsOptions = {},
): Promise<DiffResult> {
  const chosen = only ? { only } : {};
  const request = { target: { limits: defaultLimits, defaultsToRoot: true }, contract, set, ...chosen };
  const sides = [await readSide({ path: a, ...request }), await readSide({ path: b, ...request })] as const;
  return comparePortraits(...sides, {
    builtIn: await loadDifferences(),
    waivers,
    failOn,
    today: new Date().toISOString().slice(0, 10),
    tool: { name: 'check-image', version },
    ...chosen,
  });
}
