import { describe, expect, it } from 'vitest';
import { completeContract } from '../../src/checks/language/complete-contract.ts';
import { parseContract } from '../../src/checks/language/parse-contract.ts';
import { readAhead } from '../../src/checks/read-ahead.ts';
import { ImageError } from '../../src/errors.ts';
import type { FactId } from '../../src/facts/fact.ts';
import { StubFacts } from './stub-facts.ts';

const contract = completeContract(
  parseContract(
    `
contract: c
checks:
  A: { title: a, rule: { name: network-online, unit: a.service, providers: [b.service] } }
  B: { title: b, sysctl: { key: a.b, value: 1 } }
  C: { title: c, package: { name: k3s } }
  D: { title: d, file: { path: /a } }
`,
    'c.yaml',
  ),
);

async function asked(isSelected?: (id: string) => boolean, fail = (_: FactId): void => {}): Promise<readonly FactId[]> {
  const seen: FactId[] = [];
  const stub = new StubFacts();
  const facts: Pick<StubFacts, 'get'> = {
    get(fact, key) {
      seen.push(fact);
      fail(fact);
      return stub.get(fact, key);
    },
  };
  await readAhead(contract, facts, isSelected);
  return seen;
}

describe('reading ahead', () => {
  it('asks for what the checks will ask of the image as a whole, but for what lies in /var', async () => {
    expect(await asked()).toEqual(['sysctl', 'startup']);
    expect(await asked((id) => id === 'B')).toEqual(['sysctl']);
    expect(await asked((id) => id === 'C' || id === 'D')).toEqual([]);
  });

  it('leaves what cannot be read to the check that asks for it, and a bug to nobody', async () => {
    const damaged = (): never => {
      throw new ImageError('corrupt', 'x/y', 'damaged');
    };
    expect(await asked(undefined, damaged)).toEqual(['sysctl', 'startup']);
    const bug = (): never => {
      throw new TypeError('a bug');
    };
    await expect(asked(undefined, bug)).rejects.toThrow('a bug');
  });
});
