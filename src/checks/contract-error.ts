/** What is wrong with a contract, all of it at once, each with its place: exit code 2, never a verdict. */
import { formatLocation, type Location } from '../location.ts';

export interface ContractProblem {
  /** One sentence. */
  readonly message: string;
  /** `did you mean ...`, or what is allowed. */
  readonly hint?: string;
  readonly location: Location;
}

export class ContractError extends Error {
  override readonly name = 'ContractError';
  readonly problems: readonly ContractProblem[];

  constructor(problems: readonly ContractProblem[]) {
    super(problems.map(formatProblem).join('\n'));
    this.problems = problems;
  }
}

/** `contract.yaml:12:5: unknown key ...; did you mean ...?` */
export function formatProblem(problem: ContractProblem): string {
  const hint = problem.hint === undefined ? '' : `; ${problem.hint}`;
  return `${formatLocation(problem.location)}: ${problem.message}${hint}`;
}
