/**
 * A contract by name or from a file, with everything it extends. The built-in contracts come compiled and cost nothing; the
 * reader of contract documents is loaded only for a file.
 */
import type { Contract } from '../contract.ts';
import { ContractError } from '../contract-error.ts';
import { builtInContracts } from '../contracts/registry.ts';
import { hintFor } from './nearest-name.ts';

export interface ContractFile {
  readonly text: string;
  /** What locations call it. */
  readonly label: string;
  /** What a file it extends is relative to, passed back to `read`. */
  readonly base: string;
}

/** Reads a contract file named on the command line (`from` undefined) or by another file. Throws ContractError. */
export type ReadContractFile = (name: string, from: string | undefined) => ContractFile;

const maxExtends = 8;

/** A name with a `/` or a `.` in it is a file, any other a built-in contract. */
export function isContractFile(name: string): boolean {
  return /[./]/.test(name);
}

/** Throws ContractError. */
export async function loadContract(name: string, read: ReadContractFile): Promise<Contract> {
  if (!isContractFile(name))
    return loadBuiltIn(name, (message, hint) => [{ message, location: { source: name }, ...hint }]);
  const [{ parseContract }, { completeContract }] = await Promise.all([
    import('./parse-contract.ts'),
    import('./complete-contract.ts'),
  ]);
  const load = async (file: ContractFile, depth: number): Promise<Contract> => {
    const draft = parseContract(file.text, file.label);
    if (!draft.extends) return completeContract(draft);
    const { name: baseName, location } = draft.extends;
    if (depth >= maxExtends)
      throw new ContractError([{ message: `more than ${maxExtends} contracts extend each other`, location }]);
    const base = isContractFile(baseName)
      ? await load(read(baseName, file.base), depth + 1)
      : await loadBuiltIn(baseName, (message, hint) => [{ message, location, ...hint }]);
    return completeContract(draft, base);
  };
  return load(read(name, undefined), 0);
}

async function loadBuiltIn(
  name: string,
  problems: (message: string, hint: { readonly hint?: string }) => ContractError['problems'],
): Promise<Contract> {
  const known = Object.keys(builtInContracts);
  const load = known.includes(name) ? builtInContracts[name] : undefined;
  if (load) return load();
  const hint = hintFor(name, known);
  throw new ContractError(
    problems(
      `there is no built-in contract ${name}`,
      hint === undefined ? {} : { hint: `${hint} (a file needs its suffix or a /)` },
    ),
  );
}
