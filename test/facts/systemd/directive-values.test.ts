/**
 * Which values each directive takes, against systemd 257 (recorded by test/fixtures/systemd/verify/make.sh): a complaint here for every
 * complaint there, and for no other value.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { findDirective } from '../../../src/facts/systemd/directives/registry.ts';
import { LoadedUnit } from '../../../src/facts/systemd/loaded-unit.ts';
import { expandSpecifiers } from '../../../src/facts/systemd/specifiers.ts';
import { SystemdVersion } from '../../../src/facts/systemd/systemd-version.ts';
import { parseUnitName } from '../../../src/facts/systemd/unit-name.ts';
import { adviseLine, findUnknownCalls } from '../../../src/facts/systemd/verify/line-advice.ts';
import { type ValueCase, valueCases } from '../../fixtures/systemd/verify/values.ts';

const recorded = new Map(
  readFileSync(new URL('../../fixtures/systemd/verify/accepted.txt', import.meta.url), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [id = '', answers = ''] = line.split(' ');
      return [id, answers] as const;
    }),
);

/** What is said of lines that systemd takes without a word: keys that do nothing, or have a successor. */
const adviceBeyond =
  /^(?:Capabilities|SysVStartPriority|BusPolicy|NetClass|IgnoreOnSnapshot|BlockIOAccounting|(?:Startup)?BlockIOWeight)$/;

/** Differences that are known. */
const known: readonly (readonly [string, string])[] = [
  // What the machine that recorded could not pretend to be.
  ['Personality', 'arm64'],
  // Words after a quote that is not closed, or between colons, that nobody writes.
  ['ImportCredential', '"unbalanced'],
  ['ConfigurationDirectory', '::1'],
  ['ConfigurationDirectory', 'a::ro'],
  ['RootImageOptions', '::1'],
  // A legacy path that is advised against as elsewhere.
  ['ListenSpecial', '/var//run/'],
];

const host = () => ({
  architecture: 'amd64',
  machineId: undefined,
  hostname: 'host',
  prettyHostname: undefined,
  osRelease: {},
});

/** Whether anything is said of `Key=value` in a unit of that type. */
function complains({ id, section, key, type }: ValueCase, text: string): boolean {
  const row = findDirective(section, key);
  const name = parseUnitName(`probe.${type}`);
  if (!row || !name) throw new Error(`${id} is not known`);
  const scope = { name, fragmentPath: undefined, host };
  const context = { unit: name, expand: (value: string) => expandSpecifiers(value, scope) };
  const unit = new LoadedUnit(name, [name.name], context, new SystemdVersion(257));
  const value = text.trim();
  const line = { section, key, value, line: 2 };
  unit.assign(row, { value, location: { source: 'disk' } });
  if (unit.problems.length > 0 || findUnknownCalls(line).length > 0) return true;
  return !adviceBeyond.test(key) && adviseLine(line, { source: 'disk' }) !== undefined;
}

const cases = valueCases().filter(({ section, key }) => (findDirective(section, key)?.since ?? 0) <= 257);

test('asks of every directive', () => {
  expect(cases.length).toBeGreaterThan(400);
  expect(cases.filter(({ id, values }) => recorded.get(id)?.length !== values.length)).toEqual([]);
});

test('takes what systemd takes', () => {
  const differing = cases.flatMap((each) =>
    each.values.flatMap((value, at) => {
      const says = recorded.get(each.id)?.[at] === 'w';
      if (complains(each, value) === says) return [];
      return known.some(([key, text]) => key === each.key && text === value) ? [] : [`${each.id}=${value}`];
    }),
  );
  expect(differing).toEqual([]);
});

test('differs only where it is known to', () => {
  const held = known.filter(([key, text]) => {
    const each = cases.find((one) => one.key === key);
    const at = each?.values.indexOf(text) ?? -1;
    return !each || complains(each, text) === (recorded.get(each.id)?.[at] === 'w');
  });
  expect(held).toEqual([]);
});
