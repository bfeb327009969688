/**
 * The boot itself: the built server tree is booted once, and what its systemd says of every unit, of what it started and of
 * dependencies is held against what check-image reads from the files. Needs root and systemd-nspawn, as building the images does.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FactStore } from '../../src/facts/fact-store.ts';
import { parseSysctlKey } from '../../src/facts/sysctl/sysctl-key.ts';
import { perpetualUnits } from '../../src/facts/systemd/perpetual.ts';
import { runtimeReason } from '../../src/facts/systemd/properties/runtime-properties.ts';
import { shareUnits } from '../../src/facts/systemd/unit-reader.ts';
import { defaultLimits } from '../../src/limits.ts';
import { type OpenedImage, openImage } from '../../src/root/open-image.ts';
import { type Comparison, compareBoot } from './boot-truth/compare.ts';
import { comparedProperties } from './boot-truth/compared-properties.ts';
import { foreignUnits } from './boot-truth/explanations.ts';
import { type RecordedBoot, type RecordedUnit, recordBoot } from './boot-truth/recorded-boot.ts';
import { builtImage, checkImage } from './check-image.ts';

const tree = builtImage('k3s-server.rootfs');
let boot: RecordedBoot;
let image: OpenedImage;
let facts: FactStore;

beforeAll(async () => {
  boot = recordBoot(tree);
  image = await openImage(tree, { limits: defaultLimits });
  facts = new FactStore(image.view, image.facts);
  await facts.prepare(['unit', 'startup', 'sysctl']);
}, 180_000);

afterAll(() => {
  image?.close();
  boot?.remove();
});

describe('properties', () => {
  let comparison: Comparison;
  beforeAll(() => {
    comparison = compareBoot(shareUnits(image.view, facts), boot);
  });

  it('of every unit are what the booted systemd printed', () => {
    const { units, values, agreeing, properties, explained, unexplained } = comparison;
    const share = ((agreeing / values) * 100).toFixed(2);
    console.info(`${agreeing} of ${values} values agree (${share} %): ${properties.size} properties of ${units} units`);
    for (const [reason, count] of explained) console.info(`  ${count} differ or stay open: ${reason}`);
    expect(unexplained).toEqual([]);
    expect(units).toBeGreaterThanOrEqual(240);
    expect(properties.size).toBeGreaterThanOrEqual(300);
    expect(agreeing / values).toBeGreaterThan(0.995);
  });

  it('are all compared, or known to the running manager alone', () => {
    const printed = new Set([...boot.units.values()].flatMap((unit) => [...unit.keys()]));
    const neither = [...printed].filter((name) => !comparedProperties.has(name) && runtimeReason(name) === undefined);
    expect(neither).toEqual([]);
    expect([...comparedProperties].filter((name) => runtimeReason(name) !== undefined)).toEqual([]);
  });

  it('have no explanation that explains nothing', () => {
    expect([...comparison.explained].filter(([, count]) => count === 0)).toEqual([]);
  });
});

describe('what starts', () => {
  /** Tried by the manager: conditions were looked at, it runs, or its turn has not come yet. */
  const isStarted = (unit: RecordedUnit): boolean =>
    unit.get('ConditionTimestampMonotonic') !== '0' || unit.get('ActiveState') === 'active' || unit.has('Job');

  it('is what startup says', () => {
    const foreign = foreignUnits(boot);
    const started = [...boot.units]
      .filter(([name, unit]) => unit.get('Id') === name && isStarted(unit) && !foreign.has(name))
      .map(([name]) => name);
    const { units } = facts.get('startup').value;
    const ours = Object.values(units).filter(({ state }) => state === 'boot');
    const perpetual = new Set(perpetualUnits);
    const withoutPerpetual = (names: readonly string[]): readonly string[] =>
      names.filter((name) => !perpetual.has(name)).sort();
    expect(withoutPerpetual(ours.map(({ unit }) => unit))).toEqual(withoutPerpetual(started));
    console.info(`${started.length} units start at boot, the same as from the files`);
  });

  it('is never what startup says is skipped', () => {
    const skipped = Object.values(facts.get('startup').value.units).filter(
      (start) => start.skippedBecause !== undefined,
    );
    const ran = skipped.filter(({ unit }) => boot.units.get(unit)?.get('ConditionResult') === 'yes');
    expect(ran).toEqual([]);
  });
});

describe('systemctl on the booted machine', () => {
  /** What comes of the container and the instrument, not of the image. */
  const isForeign = (line: string): boolean => /truth\b|console-getty|\bsystem-truth|multi\\x2duser/.test(line);

  it.each([
    ['tree.txt', []],
    ['tree-all.txt', ['--all', 'ssh']],
    ['tree-after.txt', ['--after', 'ssh']],
    ['tree-plain.txt', ['--plain', 'ssh', 'basic.target']],
  ])('list-dependencies draws %s', (file, words) => {
    // The dot in front says whether a unit runs at the moment.
    const lines = (text: string): string[] =>
      text.split('\n').flatMap((line) => (isForeign(line) ? [] : [line.replace(/^[●○×↻] /, '  ')]));
    expect(lines(checkImage('systemctl', tree, 'list-dependencies', ...words).stdout)).toEqual(lines(boot.text(file)));
  });

  it('cat prints the same files', () => {
    const units = ['k3s-server.service', 'ssh', 'dbus', 'hwclock.service', 'getty@tty1.service', 'rc-local'];
    expect(checkImage('systemctl', tree, 'cat', ...units).stdout).toBe(boot.text('cat.txt'));
  });

  it('list-unit-files lists the same', () => {
    const lines = (text: string): string[] =>
      text
        .split('\n')
        .flatMap((line) => (isForeign(line) || line.endsWith('listed.') ? [] : [line.replace(/ +/g, ' ')]));
    expect(lines(checkImage('systemctl', tree, 'list-unit-files').stdout)).toEqual(lines(boot.text('unit-files.txt')));
  });

  it('is-enabled answers the same, with the same exit code', () => {
    const units = [
      'ssh',
      'nope',
      'hwclock.service',
      'dbus',
      'autovt@.service',
      'serial-getty@ttyS0.service',
      'sshd@.service',
    ];
    const said = units.map((unit) => checkImage('systemctl', tree, 'is-enabled', unit));
    expect(said.map(({ stdout, code }) => `${stdout}exit ${code}\n`).join('')).toBe(boot.text('enabled.txt'));
  });
});

it('kernel parameters that a container may set have the values of the files', () => {
  const running = new Map(
    boot
      .text('sysctl.txt')
      .split('\n')
      .map((line): [string, string] => [line.slice(0, line.indexOf(' = ')), line.slice(line.indexOf(' = ') + 3)]),
  );
  const own = Object.values(facts.get('sysctl').value.values).filter(({ key }) =>
    parseSysctlKey(key).startsWith('net/ipv'),
  );
  expect(own.length).toBeGreaterThan(1);
  expect(own.map(({ key, value }) => [key, value])).toEqual(own.map(({ key }) => [key, running.get(key)]));
});
