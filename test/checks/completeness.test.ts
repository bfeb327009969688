/** Every entry of a registry is documented, described for editors, used or tested; every check of a contract explains itself. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { assertions } from '../../src/checks/assertions/registry.ts';
import { builtInContracts } from '../../src/checks/contracts/registry.ts';
import { detectors } from '../../src/checks/detectors.ts';
import { loadContract } from '../../src/checks/language/load-contract.ts';
import { rules } from '../../src/checks/rules/registry.ts';
import { contractFiles } from '../../src/cli/contract-files.ts';
import { reporters } from '../../src/report/registry.ts';

const project = resolve(import.meta.dirname, '../..');
const schema = JSON.parse(readFileSync(join(project, 'schemas/contract-1.schema.json'), 'utf8')) as {
  definitions: Record<string, { description?: string; properties?: Record<string, { description?: string }> }>;
};

const tests = readdirSync(join(project, 'test'), { recursive: true, encoding: 'utf8' })
  .filter((name) => /^(checks|report)\/.*\.test\.ts$/.test(name))
  .map((name) => readFileSync(join(project, 'test', name), 'utf8'))
  .join('\n');

const plainKeys = [
  'title',
  'severity',
  'why',
  'fix',
  'references',
  'when',
  'needs',
  'undecidable',
  'skip',
  'platforms',
];

describe('claims', () => {
  it('are those of the schema, for checks and for platforms', () => {
    const claims = [...Object.keys(assertions), 'rule'].sort();
    const keysOf = (name: string) =>
      Object.keys(schema.definitions[name]?.properties ?? {}).filter((key) => !plainKeys.includes(key));
    expect(keysOf('check').sort()).toEqual(claims);
    expect(keysOf('override').sort()).toEqual(claims);
  });

  it.each(Object.values(assertions))(
    '$id has a title, a description for editors, and tests',
    ({ id, title, needs }) => {
      expect(title).toMatch(/^[A-Z].{20,}[^.]$/);
      expect(needs.length).toBeGreaterThan(0);
      expect(schema.definitions[id]?.description).toMatch(/^[A-Z].+\.$/);
      expect(tests).toMatch(new RegExp(`['\\s]${id}['"(:]`));
    },
  );
});

describe('rules', () => {
  it.each(Object.values(rules))(
    '$id has a title and tests, or is used by a contract that is tested',
    async ({ id, title, needs }) => {
      expect(title).toMatch(/^[A-Z].{20,}[^.]$/);
      expect(needs.length).toBeGreaterThan(0);
      const { checks } = (await builtInContracts.k3s?.()) ?? { checks: [] };
      const used = checks.some(({ assertions: uses }) => uses.some(({ options }) => options.name === id));
      expect(used || tests.includes(`'${id}'`)).toBe(true);
    },
  );
});

describe('built-in contracts', () => {
  it.each(Object.entries(builtInContracts))('%s: every check says what, why and how to fix it', async (_, load) => {
    const { checks } = await load();
    expect(checks.length).toBeGreaterThan(0);
    for (const check of checks) {
      expect(check.title, check.id).toMatch(/^.{10,}[^.]$/);
      const silent = check.undecidable !== undefined || check.skip !== undefined;
      if (!silent) expect(check.why, check.id).toMatch(/^.{20,}\.$/s);
      if (!silent && check.id !== 'K3S-TOK-09') expect(check.fix, check.id).toMatch(/\S{2}/);
      expect(check.location.line, check.id).toBeGreaterThan(0);
    }
  });
});

describe('the rest', () => {
  it.each(Object.entries(detectors))('detector %s says what it looks at', (_, { title, needs }) => {
    expect(title.length).toBeGreaterThan(10);
    expect(needs.length).toBeGreaterThan(0);
  });

  it.each(Object.entries(reporters))('report %s loads and has a title', async (id, { title, load }) => {
    expect(title.length).toBeGreaterThan(10);
    expect(await load()).toEqual({ render: expect.any(Function) });
    expect(tests).toContain(`${id}-report.ts`);
  });

  const samples = readdirSync(join(project, 'samples/contracts')).filter((name) => name.endsWith('.yaml'));
  it.each(samples)('the sample contract %s is valid', async (name) => {
    const { checks } = await loadContract(join(project, 'samples/contracts', name), contractFiles);
    expect(checks.length).toBeGreaterThan(5);
  });
});
