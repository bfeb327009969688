/** PrivateTmp= as it is in effect: a dynamic user never leaves files in the shared /tmp. execute.c (unit_patch_contexts). */
import type { LoadedUnit } from './loaded-unit.ts';

/** `no`, `connected` (shared with joined units, needs /tmp to be mounted) or `disconnected`. */
export function privateTmp(unit: LoadedUnit): string {
  const own = unit.ownText('PrivateTmp') ?? 'no';
  if (own !== 'no' || unit.ownFlag('DynamicUser') !== true) return own;
  return unit.version.atLeast(257) ? 'disconnected' : 'connected';
}
