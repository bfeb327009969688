/** Every lint rule: what it says of itself is whole, and its examples are what it finds. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lintRules } from '../../../src/checks/lint/registry.ts';
import { runExample } from './run-example.ts';

const room = resolve(import.meta.dirname, '../../../src/checks/lint');

it('has ids that differ', () => {
  expect(new Set(lintRules.map(({ id }) => id)).size).toBe(lintRules.length);
});

describe.each(lintRules)('$id', (rule) => {
  it('lies in the file of its name', () => {
    expect(existsSync(resolve(room, `${rule.id}.ts`))).toBe(true);
  });

  it('says what holds, why, and how to fix it', () => {
    expect(rule.title).toMatch(/^[^A-Z].{15,}[^.]$/);
    expect(rule.many).toMatch(/^\{count\} .+[^.]$/);
    expect(rule.why).toMatch(/^[A-Z/].{20,}\.$/s);
    expect(rule.fix).toMatch(/^[A-Z].{10,}\.$/s);
    expect(rule.profiles.length).toBeGreaterThan(0);
    expect(rule.needs.length).toBeGreaterThan(0);
  });

  it('shows what it finds and what it does not', () => {
    expect(rule.examples.some(({ findings }) => findings.length > 0)).toBe(true);
    expect(rule.examples.some(({ findings }) => findings.length === 0)).toBe(true);
  });

  it('has an example for each of its sentences', () => {
    const sentences = rule.examples.flatMap(({ findings }) => findings.map(([, sentence]) => sentence));
    for (const [key, message] of Object.entries(rule.messages)) {
      const pieces = message.split(/\{[a-z]+\}/i);
      const isSaid = sentences.some((one) => pieces.every((piece) => one.includes(piece)));
      expect(isSaid, key).toBe(true);
    }
  });

  it.each(rule.examples)('$name', async (example) => {
    const results = await runExample(rule, example);
    const found = results.filter(({ verdict }) => verdict.status === 'fail');
    expect(found.map(({ subject, verdict }) => [subject?.name, 'message' in verdict && verdict.message])).toEqual(
      example.findings,
    );
    // An example of what is right must have been looked at.
    expect(results.filter(({ verdict }) => verdict.status === 'unknown')).toEqual([]);
    if (found.length === 0) expect(results.map(({ verdict }) => verdict.status)).toEqual(['pass']);
    for (const { verdict } of found) expect('evidence' in verdict && verdict.evidence?.length).toBeGreaterThan(0);
  });
});
