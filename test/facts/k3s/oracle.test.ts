/** Against the libraries k3s is built on: test/fixtures/k3s/make.sh. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as yaml from 'yaml';
import { parseFlags, settleFlags } from '../../../src/facts/k3s/arguments.ts';
import { parseConfigFiles } from '../../../src/facts/k3s/config-file.ts';

interface Oracle {
  readonly configs: readonly {
    text: string;
    refused: boolean;
    entries: readonly { key: string; values: string[] }[];
  }[];
  readonly commands: readonly { arguments: string[]; refused: boolean; values: Record<string, string[]> }[];
}

const { configs, commands } = JSON.parse(
  readFileSync(new URL('../../fixtures/k3s/oracle.json', import.meta.url), 'utf8'),
) as Oracle;
const location = { source: 'x', path: '/x' };

describe('configuration files', () => {
  it.each(configs)('$text', ({ text, refused, entries }) => {
    const { keys, problems } = parseConfigFiles([{ path: '/x', text, location }], yaml);
    expect(problems.length > 0).toBe(refused);
    // yaml.v2 keeps repeated keys apart, of which the last counts; `+` is k3s's own.
    const expected = new Map(entries.map(({ key, values }) => [key.replace(/\+$/, ''), values]));
    expect([...keys].map(([key, { values }]) => [key, values.map(({ value }) => value)])).toEqual([...expected]);
  });
});

describe('command lines', () => {
  it.each(commands)('$arguments', ({ arguments: words, refused, values }) => {
    const parsed = parseFlags(
      words.map((text) => ({ text, location })),
      'server',
      undefined,
    );
    expect(parsed.problems.some(({ effect }) => effect === 'refused')).toBe(refused);
    if (refused) return;
    const settings = Object.values(settleFlags(parsed.values)).map((setting) => [setting.flag, setting.values]);
    expect(Object.fromEntries(settings)).toEqual(values);
  });
});
