/** What became of each unit of a case file when a real systemd booted it (test/fixtures/systemd/start/make.sh), against the files alone. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { resolveStartup } from '../../../src/facts/systemd/startup.ts';
import { SystemdVersion } from '../../../src/facts/systemd/systemd-version.ts';
import type { UnitStart } from '../../../src/facts/systemd/unit-fact.ts';
import { UnitSet } from '../../../src/facts/systemd/unit-set.ts';
import { MemoryFileSystem, type MemoryTree } from '../../../src/filesystems/memory.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { RootView } from '../../../src/root/root-view.ts';
import { parseCases } from '../../fixtures/systemd/start/cases.ts';

const lib = '/usr/lib/systemd/system';
const base: MemoryTree = {
  '/etc/machine-id': '0123456789abcdef0123456789abcdef\n',
  '/etc/passwd': '',
  [`${lib}/default.target`]: { link: 'multi-user.target' },
  [`${lib}/multi-user.target`]: '[Unit]\nRequires=basic.target\nAfter=basic.target\nAllowIsolate=yes\n',
  [`${lib}/basic.target`]: '[Unit]\nRequires=sysinit.target\nAfter=sysinit.target\n',
  [`${lib}/sysinit.target`]: '[Unit]\n',
};

/** Recorded outcomes that agree with what the files alone say. */
const agreeing: Readonly<Record<string, readonly string[]>> = {
  boot: ['runs', 'ended'],
  skipped: ['skipped'],
  asserts: ['asserts'],
  never: ['stays'],
};

/** What systemd decides by the names of units, or in the same way each time the case was recorded, though its rules leave it open. */
const undecided: Readonly<Record<string, readonly string[]>> = {
  refused: [
    'needed1.service',
    'needed2.service',
    'needed3.service',
    'bound-to-gone.service',
    'refused.slice',
    'srv-refused.mount',
    'srv-slice.mount',
    'var-lib-refused.mount',
  ],
  failing: [
    'needs-asserts-unordered.service',
    'a-unordered.service',
    'bound-to-skipped-unordered.service',
    'requisite-idle-unordered.service',
  ],
};

const read = (name: string): string => readFileSync(`test/fixtures/systemd/start/${name}.txt`, 'utf8');

function wordOf(start: UnitStart | undefined): string {
  if (start?.state !== 'boot' || start.skippedBecause === undefined) return start?.state ?? 'never';
  return start.skippedBecause.startsWith('Assert') ? 'asserts' : 'skipped';
}

describe.each([257, 252])('systemd %i', (version) => {
  describe.each(['refused', 'failing', 'conflicts'])('%s', (name) => {
    const { tree } = parseCases(read(name));
    const booted = read(`${name}-${version}`).trimEnd().split('\n');
    const view = new RootView([{ path: '/', fileSystem: new MemoryFileSystem({ ...base, ...tree }) }], defaultLimits);
    const { units } = resolveStartup(new UnitSet(view, { version: new SystemdVersion(version) })).value;

    test.each(booted)('%s', (line) => {
      const [unit = '', ...outcomes] = line.split(' ');
      const word = wordOf(units[unit]);
      if (word === 'unknown') expect(outcomes.length > 1 || undecided[name]?.includes(unit)).toBe(true);
      else expect(agreeing[word]).toEqual(expect.arrayContaining(outcomes));
    });
  });
});
