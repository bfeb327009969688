/** `--set name=value` as the contract takes it. */
import type { Contract } from '../checks/contract.ts';
import { readSettings } from '../checks/settings.ts';
import { UsageError } from './usage-error.ts';

/** Throws UsageError. */
export function requireSettings(contract: Contract, pairs: readonly string[]): ReadonlyMap<string, string> {
  const settings = readSettings(contract, pairs);
  if ('message' in settings) throw new UsageError(settings.message, settings.hint);
  return settings;
}
