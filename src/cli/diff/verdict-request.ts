/** `--contract` and `--set` of the commands that keep or compare verdicts. */
import type { Contract } from '../../checks/contract.ts';
import { loadContract } from '../../checks/language/load-contract.ts';
import { readSettings } from '../../checks/settings.ts';
import { contractFiles } from '../contract-files.ts';
import { UsageError } from '../usage-error.ts';

export interface VerdictRequest {
  readonly contract: Contract;
  readonly set: ReadonlyMap<string, string>;
}

/** Throws UsageError and ContractError. */
export async function readVerdictRequest(options: {
  readonly contract: string;
  readonly set: readonly string[];
}): Promise<VerdictRequest> {
  const contract = await loadContract(options.contract, contractFiles);
  const set = readSettings(contract, options.set);
  if ('message' in set) throw new UsageError(set.message, set.hint);
  return { contract, set };
}
