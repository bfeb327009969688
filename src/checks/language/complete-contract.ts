/** A contract from a draft and the contract it extends: what the draft says replaces what was there, check by check. */
import type { Contract, ContractCheck, Parameter, PlatformOverride } from '../contract.ts';
import { ContractError, type ContractProblem } from '../contract-error.ts';
import { contractProblems } from './contract-problems.ts';
import type { Draft, DraftCheck } from './parse-contract.ts';

/** Throws ContractError with everything that is wrong: unknown names, checks that cannot fail, missing parts. */
export function completeContract(draft: Draft, base?: Contract): Contract {
  const problems: ContractProblem[] = [];
  const contract: Contract = {
    name: draft.name,
    version: draft.version ?? base?.version ?? '1',
    title: draft.title ?? base?.title ?? draft.name,
    parameters: mergeParameters(draft, base),
    concepts: { ...base?.concepts, ...draft.concepts },
    platforms: { ...base?.platforms, ...draft.platforms },
    checks: mergeChecks(draft, base, problems),
  };
  if (contract.checks.length === 0)
    problems.push({ message: 'the contract has no checks', location: { source: draft.name } });
  const all = [...problems, ...contractProblems(contract)];
  if (all.length > 0) throw new ContractError(all);
  return contract;
}

function mergeParameters(draft: Draft, base: Contract | undefined): Readonly<Record<string, Parameter>> {
  const merged: Record<string, Parameter> = { ...base?.parameters };
  for (const [name, parameter] of Object.entries(draft.parameters)) merged[name] = { ...merged[name], ...parameter };
  return merged;
}

function mergeChecks(draft: Draft, base: Contract | undefined, problems: ContractProblem[]): readonly ContractCheck[] {
  const merged = new Map((base?.checks ?? []).map((check) => [check.id, check]));
  for (const check of draft.checks) {
    const complete = mergeCheck(check, merged.get(check.id));
    if (typeof complete === 'string') problems.push({ message: complete, location: check.location });
    else merged.set(check.id, complete);
  }
  return [...merged.values()];
}

/** The check, or what it lacks. */
function mergeCheck(draft: DraftCheck, base: ContractCheck | undefined): ContractCheck | string {
  const { title = base?.title, assertions = base?.assertions ?? [], undecidable = base?.undecidable } = draft;
  if (title === undefined) return `${draft.id} lacks title`;
  const skip = draft.skip ?? base?.skip;
  if (assertions.length === 0 && undecidable === undefined && skip === undefined)
    return `${draft.id} claims nothing: give it file, unit, rule ... or say why it is undecidable`;
  return {
    severity: 'must',
    references: [],
    needs: [],
    ...base,
    ...draft,
    title,
    assertions,
    platforms: mergePlatforms(base?.platforms, draft.platforms),
  };
}

function mergePlatforms(
  base: ContractCheck['platforms'] = {},
  draft: ContractCheck['platforms'] = {},
): ContractCheck['platforms'] {
  const merged: Record<string, PlatformOverride> = { ...base };
  for (const [name, override] of Object.entries(draft)) merged[name] = { ...merged[name], ...override };
  return merged;
}
