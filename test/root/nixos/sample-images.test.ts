/** A server in every shape NixOS images have before their first boot, and an agent in two: the same facts, the same verdict. */
import { describe, expect, it } from 'vitest';
import type { FactStore } from '../../../src/facts/fact-store.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { openImage } from '../../../src/root/open-image.ts';
import { fixture, judge, openFacts, toplevel } from './system-image.ts';

const shapes = [
  { name: 'disk.img.zst', origin: 'boot entry', because: 'the boot entry nixos-generation-1.conf' },
  { name: 'installed.ext4.zst', origin: 'profile', because: 'the system profile' },
  { name: 'sd-card.img.zst', origin: 'boot entry', because: 'the boot entry nixos-default' },
  { name: 'tarball.tar.xz', origin: 'init', because: '/sbin/init' },
  { name: 'netboot-initrd.zst', origin: 'registration', because: 'the registration' },
  { name: 'nix-store.squashfs', origin: 'registration', because: 'the registration' },
  { name: 'disk.qcow2.zst', origin: 'boot entry', because: 'the boot entry nixos-generation-1.conf' },
  { name: 'lxc.squashfs', origin: 'init', because: '/sbin/init' },
  { name: 'docker.tar.xz', origin: 'init', because: '/init' },
  { name: 'installer.iso.zst', origin: 'boot entry', because: 'the boot entry "NixOS Installer"' },
  { name: 'repart-erofs.img.zst', origin: 'boot entry', because: 'the boot entry nixos_24.11.efi' },
  { name: 'repart-squashfs.img.zst', origin: 'boot entry', because: 'the boot entry nixos_24.11.efi' },
  { name: 'merged.img.zst', origin: 'profile', because: 'the system profile' },
] as const;

/** Checks of the boot loader's entry and its initrd. */
const bootChecks = ['K3S-VT-01', 'K3S-MOD-08'];
/** The sample's fstab names the root of a disk: where that is a tmpfs, the machine waits for it in vain. */
const otherVerdicts: Readonly<Record<string, object>> = {
  'repart-erofs.img.zst': { 'K3S-VT-02': 'fail must' },
  'repart-squashfs.img.zst': { 'K3S-VT-02': 'fail must' },
};

/** What the image says, without where. */
function summary(facts: FactStore) {
  const unit = facts.get('unit', 'k3s.service').value;
  const { packages, database } = facts.get('packages').value;
  const { role, dataDir, tokens, arguments: words } = facts.get('k3s').value;
  const { kernels, requests } = facts.get('kernel').value;
  const { architecture, name, platform, hostname } = facts.get('platform').value;
  const { closure } = facts.get('nix-store').value;
  return {
    platform: [platform, architecture, name, hostname?.value],
    unit: Object.entries(unit.directives).map(([key, { values }]) => [key, values.map(({ value }) => value)]),
    startup: Object.entries(facts.get('startup').value.units).map(([id, { state }]) => `${id} ${state}`),
    sysctl: Object.entries(facts.get('sysctl').value.values).map(([key, { value }]) => `${key}=${value}`),
    packages: [database, ...packages.map((one) => `${one.name} ${one.version} ${one.level}`).sort()],
    k3s: [role, dataDir, words, tokens.map(({ flag, value }) => `${flag} ${value}`)],
    kernel: [kernels.map(({ release, modules }) => [release, Object.keys(modules)]), requests.map((one) => one.name)],
    users: facts
      .get('accounts')
      .value.users.filter(({ name: user }) => user !== 'nobody')
      .map(({ name: user }) => user),
    closure: [[...(closure?.paths ?? [])].sort(), closure?.missing],
    version: facts.get('binary', '/run/current-system/sw/bin/k3s').value.k3sVersion?.text,
  };
}

describe.each(shapes)('$name', ({ name, origin, because }) => {
  it('shows the system that will run, and who says so', async () => {
    const image = await openImage(fixture(name), { limits: defaultLimits });
    expect(image.nixos).toMatchObject({
      toplevel,
      because,
      candidates: [{ origin }, ...(image.nixos?.candidates.slice(1) ?? [])],
    });
    expect(image.diagnostics.filter(({ level }) => level === 'damage')).toEqual([]);
    expect(image.view.resolve('/run/current-system')).toMatchObject({ path: toplevel, standing: 'derived' });
    expect(image.view.readText('/etc/hostname')).toBe('edge-1\n');
    expect(image.view.readText('/etc/alias-of-hostname')).toBe('edge-1\n');
    expect(image.view.exists('/etc/sudoers.mode')).toBe('no');
    expect(image.view.stat('/etc/sudoers')).toMatchObject({ mode: 0o440, uid: 0, gid: 0 });
    expect(image.view.stat('/etc/rancher/k3s/registries.yaml')).toMatchObject({ mode: 0o644 });
    const mount = image.view.resolve('/run/wrappers/bin/mount');
    expect(mount).toMatchObject({ state: 'found', standing: 'declared' });
    expect(image.view.stat('/run/wrappers/bin/mount')).toMatchObject({ mode: 0o4511, uid: 0, gid: 0 });
    const ping = openFacts(image).get('file', '/run/wrappers/bin/ping').value;
    expect(ping.stat).toMatchObject({ mode: 0o511, capabilities: 'cap_setpcap,cap_net_raw=p' });
    expect(image.view.readLink('/bin/sh')).toMatch(/-bash-5\.2p37\/bin\/\w*sh$/);
    expect(image.view.readLink('/usr/bin/env')).toMatch(/-coreutils-9\.5\/bin\/env$/);
    image.close();
  });

  it('has the facts of the others, and their verdict', async () => {
    const first = await openImage(fixture(shapes[0].name), { limits: defaultLimits });
    const other = await openImage(fixture(name), { limits: defaultLimits });
    expect(summary(openFacts(other))).toEqual(summary(openFacts(first)));
    const verdicts = [await judge(openFacts(first)), await judge(openFacts(other))];
    // What starts a file system or a container is no part of the image.
    for (const verdict of verdicts) for (const id of bootChecks) verdict.delete(id);
    expect(Object.fromEntries(verdicts[1] ?? [])).toEqual({
      ...Object.fromEntries(verdicts[0] ?? []),
      ...otherVerdicts[name],
    });
    first.close();
    other.close();
  });
});

it('an agent on a disk of subvolumes has the facts of one in an archive, and its verdict', async () => {
  const images = await Promise.all(
    ['agent.tar.xz', 'agent.btrfs.zst'].map((name) => openImage(fixture(name), { limits: defaultLimits })),
  );
  const [archive, disk] = images.map(openFacts) as [FactStore, FactStore];
  expect(images[1]?.nixos).toMatchObject({ because: 'the system profile', toplevel: images[0]?.nixos?.toplevel });
  expect(summary(disk)).toEqual(summary(archive));
  expect(summary(disk).k3s[0]).toBe('agent');
  expect(Object.fromEntries(await judge(disk))).toEqual(Object.fromEntries(await judge(archive)));
  for (const image of images) image.close();
});

describe('the sample systems keep the contract', () => {
  it.each([
    ['tarball.tar.xz', { 'K3S-TOK-01': 'unknown' }],
    ['overlay.tar.xz', { 'K3S-TOK-01': 'unknown' }],
    ['agent.tar.xz', { 'K3S-SVC-06': 'fail should', 'K3S-TOK-07': 'unknown' }],
  ])('%s', async (name, expected) => {
    const image = await openImage(fixture(name), { limits: defaultLimits });
    const statuses = await judge(openFacts(image));
    const odd = [...statuses].filter(([, status]) => status !== 'pass' && status !== 'skip');
    expect(Object.fromEntries(odd)).toEqual({ ...expected, 'K3S-VT-03': 'unknown', 'K3S-VT-05': 'unknown' });
    image.close();
  });
});
