import { describe, expect, it } from 'vitest';
import { ContractError } from '../../../src/checks/contract-error.ts';
import { type ContractFile, loadContract } from '../../../src/checks/language/load-contract.ts';

const files: Readonly<Record<string, string>> = {
  'base.yaml': `contract: base
version: "2"
parameters: { series: { default: "1", values: ["1", "2"] } }
checks:
  A-1: { title: a, file: { path: /a }, references: [r] }
  A-2: { title: b, file: { path: /b } }`,
  'child.yaml': `contract: child
extends: base.yaml
parameters: { series: { default: "2" } }
checks:
  A-1: { severity: should, platforms: { nixos: { skip: none there } } }
  A-2: { skip: not here }
  A-3: { title: c, file: { path: "/c/\${series}" } }`,
  'k3s.yaml': 'contract: site\nextends: k3s\nchecks:\n  K3S-BIN-08: { severity: must }',
  'lost.yaml': 'contract: lost\nextends: k3z\nchecks: {}',
  'loop.yaml': 'contract: loop\nextends: ./loop.yaml\nchecks: {}',
};

const read = (name: string): ContractFile => ({ text: files[name.replace('./', '')] ?? '', label: name, base: '' });

describe('extends', () => {
  it('takes over what the document does not say, key by key', async () => {
    const contract = await loadContract('child.yaml', read);
    expect(contract).toMatchObject({
      name: 'child',
      version: '2',
      parameters: { series: { default: '2', values: ['1', '2'] } },
    });
    expect(contract.checks).toMatchObject([
      { id: 'A-1', title: 'a', severity: 'should', references: ['r'], platforms: { nixos: { skip: 'none there' } } },
      { id: 'A-2', skip: 'not here' },
      { id: 'A-3', title: 'c', severity: 'must' },
    ]);
  });

  it('keeps the line of the contract that says so', async () => {
    const { checks } = await loadContract('child.yaml', read);
    expect(checks.map(({ location }) => `${location.source}:${location.line}`)).toEqual([
      'child.yaml:5',
      'child.yaml:6',
      'child.yaml:7',
    ]);
  });

  it('takes a built-in contract by name', async () => {
    const { checks } = await loadContract('k3s.yaml', read);
    expect(checks.find(({ id }) => id === 'K3S-BIN-08')).toMatchObject({
      severity: 'must',
      location: { source: 'k3s.yaml', line: 4 },
    });
    expect(checks.length).toBeGreaterThan(60);
  });

  it.each([
    ['lost.yaml', 'there is no built-in contract k3z'],
    ['loop.yaml', 'more than 8 contracts extend each other'],
  ])('%s: %s', async (name, message) => {
    await expect(loadContract(name, read)).rejects.toThrow(ContractError);
    await expect(loadContract(name, read)).rejects.toThrow(message);
  });
});
