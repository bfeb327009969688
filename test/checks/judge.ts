/** Judges one claim of a contract on made-up facts, the way the engine does. */
import type { Verdict } from '../../src/checks/check.ts';
import type { Contract, Options } from '../../src/checks/contract.ts';
import { evaluate, type FactSource } from '../../src/checks/evaluate.ts';

export async function judge(kind: string, options: object, facts: FactSource): Promise<Verdict> {
  const location = { source: 'test.yaml', line: 1 };
  const contract: Contract = {
    name: 'test',
    version: '1',
    title: 'test',
    parameters: {},
    concepts: {},
    platforms: {},
    checks: [
      {
        id: 'ONE',
        title: 'one',
        severity: 'must',
        references: [],
        needs: [],
        assertions: [{ kind, options: options as Options, location }],
        platforms: {},
        location,
      },
    ],
  };
  const { results } = await evaluate(contract, facts, { set: new Map() });
  const [result] = results;
  if (!result) throw new Error('no result');
  return result.verdict;
}
