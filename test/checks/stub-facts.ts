/** Facts made up for a test: what the image says, without an image. Anything not given is missing or empty. */
import type { FactSource } from '../../src/checks/evaluate.ts';
import type { FactId, FactResult, Gap } from '../../src/facts/fact.ts';
import type { FactTypes } from '../../src/facts/fact-types.ts';
import type { FileFact, FileStat } from '../../src/facts/files/file-fact.ts';
import type { KernelFact } from '../../src/facts/kernel/kernel-fact.ts';
import type { Directive, UnitFact } from '../../src/facts/systemd/unit-fact.ts';
import type { Location } from '../../src/location.ts';

export const place = (path: string, line?: number): Location =>
  line === undefined ? { source: 'disk!p2', path } : { source: 'disk!p2', path, line };

/** Values by fact and key; a fact that exists once has the key ''. */
export type StubValues = { readonly [K in FactId]?: Readonly<Record<string, FactTypes[K]>> };

export const emptyKernel: KernelFact = {
  kernels: [],
  requests: [],
  blocks: [],
  options: [],
  softdeps: [],
  weakdeps: [],
  installs: [],
  removes: [],
  aliases: [],
  files: [],
  masked: [],
  problems: [],
};

export class StubFacts implements FactSource {
  readonly #values: StubValues;
  readonly #gaps: Readonly<Partial<Record<FactId, readonly Gap[]>>>;

  constructor(values: StubValues = {}, gaps: Readonly<Partial<Record<FactId, readonly Gap[]>>> = {}) {
    this.#values = values;
    this.#gaps = gaps;
  }

  get<K extends FactId>(fact: K, key = ''): FactResult<FactTypes[K]> {
    const value = (this.#values[fact]?.[key] ?? defaultValue(fact, key)) as FactTypes[K];
    return { value, diagnostics: [], gaps: this.#gaps[fact] ?? [] };
  }
}

function defaultValue(fact: FactId, key: string): FactTypes[FactId] {
  const location = place(key);
  const defaults: { readonly [K in FactId]?: FactTypes[K] } = {
    platform: {
      platform: 'isar',
      evidence: [],
      architecture: 'amd64',
      architectureEvidence: [],
      osRelease: {},
      name: 'Debian GNU/Linux 13 (trixie)',
      hostname: { value: 'server-1', location: place('/etc/hostname', 1) },
    },
    airgap: { directory: { path: '/images', isPresent: false, location: place('/images') }, files: [] },
    firewall: { filters: [], idle: [] },
    network: {
      naming: { kernelNames: 'kept', because: 'nothing renames', assigned: [] },
      managers: [],
      setups: [],
      devices: [],
      forwarding: [],
      masked: [],
      problems: [],
    },
    file: { path: key, state: 'missing', reason: 'missing', resolved: key, links: [], location },
    text: { path: key, state: 'missing', location },
    binary: { path: key, state: 'missing', location },
    unit: unit(key, { loadState: 'not-found', unitFileState: 'not-found' }),
    boot: {
      table: 'none',
      devices: [],
      systemPartitions: [],
      firmwarePrograms: [],
      unifiedKernels: [],
      menus: [],
      init: '/sbin/init',
      fstab: [],
    },
    initrd: { state: 'none', kernels: [], lacks: [] },
    startup: { units: {} },
    sysctl: { values: {}, globs: [], excluded: {}, files: [], masked: [], problems: [] },
    kernel: emptyKernel,
    packages: { database: 'dpkg', packages: [], beside: [] },
    k3s: {
      role: 'server',
      roleEvidence: [],
      unit: 'k3s-server.service',
      arguments: [],
      dataDir: '/var/lib/rancher/k3s',
      settings: {},
      environmentFiles: [],
      environment: {},
      configFiles: [],
      tokens: [],
      problems: [],
    },
  };
  const value = defaults[fact];
  if (!value) throw new Error(`the stub has no default for ${fact}`);
  return value;
}

/** A file that is there. */
export function file(path: string, stat: Partial<FileStat> = {}, more: Partial<FileFact> = {}): FileFact {
  const location = place(path);
  const defaults: FileStat = { type: 'file', mode: 0o644, uid: 0, gid: 0, size: 100, links: 1, location };
  return {
    path,
    state: 'present',
    stat: { ...defaults, ...stat },
    resolved: path,
    identity: `disk!p2#${path}`,
    links: [],
    standing: 'present',
    location,
    ...more,
  };
}

/** A symbolic link to a file that is there. */
export function link(path: string, target: string, resolved: string): FileFact {
  const location = place(path);
  const shape = { type: 'symlink', mode: 0o777, uid: 0, gid: 0, size: target.length, links: 1, location } as const;
  return file(
    path,
    {},
    { resolved, links: [{ path, target }], link: { ...shape, target }, identity: `disk!p2#${resolved}` },
  );
}

export function directive(
  name: string,
  value: string,
  line = 1,
  beats: readonly (readonly [string, number])[] = [],
): Directive {
  const [section = '', key = ''] = name.split('.');
  const at = (one: number) => place(`/etc/systemd/system/unit.d/${one}.conf`, one);
  return {
    section,
    key,
    values: [{ value, location: at(line) }],
    beats: beats.map(([text, one]) => ({ value: text, location: at(one) })),
  };
}

export function unit(name: string, more: Partial<UnitFact> = {}): UnitFact {
  return {
    name,
    id: name,
    loadState: 'loaded',
    fragmentPath: `/usr/lib/systemd/system/${name}`,
    fragment: place(`/usr/lib/systemd/system/${name}`),
    dropInPaths: [],
    aliases: [],
    unitFileState: 'enabled',
    directives: {},
    properties: {},
    problems: [],
    ...more,
  };
}
