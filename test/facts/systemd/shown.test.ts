/**
 * Units of odd settings against what a booted systemd 257 printed for them (test/fixtures/systemd/make.sh). Every property
 * that files decide must agree; those that the running machine decides are named here.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { SystemdVersion } from '../../../src/facts/systemd/systemd-version.ts';
import { edgeKinds } from '../../../src/facts/systemd/unit-graph.ts';
import { readUnit } from '../../../src/facts/systemd/unit-reader.ts';
import { UnitSet } from '../../../src/facts/systemd/unit-set.ts';
import { MemoryFileSystem } from '../../../src/filesystems/memory.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { RootView } from '../../../src/root/root-view.ts';

const fixtures = new URL('../../fixtures/systemd/', import.meta.url);
type Shown = Readonly<Record<string, Readonly<Record<string, string | null>>>>;
const { common, units } = JSON.parse(readFileSync(new URL('shown.json', fixtures), 'utf8')) as {
  common: Shown;
  units: Shown;
};

const tree: Record<string, string> = {
  '/etc/systemd/system.conf': readFileSync(new URL('system.conf', fixtures), 'utf8'),
};
for (const name of readdirSync(new URL('units/', fixtures)))
  tree[`/etc/systemd/system/${name}`] = readFileSync(new URL(`units/${name}`, fixtures), 'utf8');

/** Properties that are not compared, by why. */
const notCompared = new Set([
  // Built into this systemd, not into any file.
  ...['RootImagePolicy', 'MountImagePolicy', 'ExtensionImagePolicy', 'CPUAffinityFromNUMA', 'ImportCredentialEx'],
  // Printed in a form that needs the kernel's view (devices, sockets, system calls).
  ...['SystemCallFilter', 'SocketBindAllow', 'IOReadBandwidthMax', 'StandardInputData', 'SocketProtocol'],
  // A container has neither swap nor automounts; limits of processes and signals follow the memory of the machine.
  ...['CanStart', 'LimitNPROC', 'LimitNPROCSoft', 'LimitSIGPENDING', 'LimitSIGPENDINGSoft'],
  // Says `infinity` until the service runs, whatever WatchdogSec= is.
  'WatchdogUSec',
  ...edgeKinds,
]);

/** Lists that systemd keeps as sets: their order means nothing. */
const sets = new Set([
  'IPAddressAllow',
  'IPAddressDeny',
  'RequiresMountsFor',
  'WantsMountsFor',
  'RestrictNetworkInterfaces',
  'Names',
]);

function normal(name: string, value: string): string {
  const text = value.replace(/start_time=.*? ; status=\S+/g, '...').replace(/next_elapse=.*? }/g, '... }');
  return sets.has(name) ? text.split(' ').sort().join(' ') : text;
}

function pick(properties: Readonly<Record<string, string | null>>): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(properties))
    if (value !== null && !notCompared.has(name)) kept[name] = normal(name, value);
  return kept;
}

const view = new RootView([{ path: '/', fileSystem: new MemoryFileSystem(tree) }], defaultLimits);
const set = new UnitSet(view, { version: new SystemdVersion(257) });

test.each(Object.entries(units))('%s', (name, own) => {
  const type = name.slice(name.lastIndexOf('.') + 1);
  const { value } = readUnit(set, name);
  expect(pick(value.properties)).toEqual(pick({ ...common[type], ...own }));
});

test('a socket that is not there has no limits, and its own name', () => {
  const { value } = readUnit(set, 'virtlockd.socket');
  const names = [
    'LoadState',
    'FileDescriptorName',
    'TriggerLimitIntervalUSec',
    'TriggerLimitBurst',
    'PollLimitIntervalUSec',
    'PollLimitBurst',
  ];
  expect(names.map((name) => `${name}=${value.properties[name]}`)).toEqual([
    'LoadState=not-found',
    'FileDescriptorName=virtlockd.socket',
    'TriggerLimitIntervalUSec=infinity',
    'TriggerLimitBurst=4294967295',
    'PollLimitIntervalUSec=infinity',
    'PollLimitBurst=4294967295',
  ]);
});
