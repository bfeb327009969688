/** The closure of a system by registration, by database and by scan, and what is missing from it. */
import { describe, expect, it } from 'vitest';
import { ImageError } from '../../../src/errors.ts';
import type { FactStore } from '../../../src/facts/fact-store.ts';
import type { MemoryNode, MemoryTree } from '../../../src/filesystems/memory.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { databasePath } from '../../../src/root/nixos/known-paths.ts';
import { openImage } from '../../../src/root/open-image.ts';
import { factsOf, fixture, loadTree, pathOf, remove, toplevel } from '../../root/nixos/system-image.ts';

const server = await loadTree('tarball.tar.xz');
const closureOf = (facts: FactStore) => facts.get('nix-store').value.closure;
const without = (tree: MemoryTree, ...paths: readonly string[]) => {
  const copy = { ...tree };
  for (const path of paths) remove(copy, path);
  return copy;
};
const glibc = pathOf(server, '-glibc-2.40-36');
const wrapped = pathOf(server, '/bin/.k3s-wrapped');
const k3s = wrapped.slice(0, wrapped.indexOf('/bin/'));
const scanned = without(server, '/nix-path-registration');

describe('the closure of a system', () => {
  it('is the same by registration and by scan', () => {
    const [registered, found] = [closureOf(factsOf(server)), closureOf(factsOf(scanned))];
    expect(registered).toMatchObject({ by: 'registration', missing: [] });
    expect(found).toMatchObject({ by: 'scan', missing: [] });
    // The scan of the fixture's own maker leaves compressed modules out as well.
    expect([...(found?.paths ?? [])].sort()).toEqual([...(registered?.paths ?? [])].sort());
  });

  it('names what is missing and what wants it', () => {
    const registered = closureOf(factsOf(without(server, glibc)));
    expect(registered?.missing).toMatchObject([{ path: glibc }]);
    expect(registered?.missing[0]?.referrer).toMatch(/^\/nix\/store\//);
    const found = closureOf(factsOf(without(scanned, k3s)));
    expect(found?.missing).toMatchObject([{ path: k3s, referrer: expect.stringMatching(/-system-path$/) }]);
  });

  it('is scanned where the registration does not know the system', () => {
    const other = { ...server, '/nix-path-registration': '' };
    expect(closureOf(factsOf(other))?.by).toBe('scan');
  });

  it('is a gap where its records are damaged', () => {
    const damaged = factsOf({ ...server, '/nix-path-registration': 'hello\n' }).get('nix-store');
    expect(damaged.value.closure).toBeUndefined();
    expect(damaged.gaps).toMatchObject([{ cause: { code: 'nix/bad-registration' }, keys: ['closure'] }]);
    expect(damaged.value.system?.toplevel).toBe(toplevel);
  });

  it('is a gap where a path has no record', () => {
    const [, ...rest] = Buffer.from((server['/nix-path-registration'] as MemoryNode).bytes ?? [])
      .toString()
      .split(/^(?=\/nix\/store\/[^\n]+\nsha256)/m);
    const fact = factsOf({ ...server, '/nix-path-registration': rest.join('') }).get('nix-store');
    expect(fact.gaps).toMatchObject([{ cause: { code: 'nix/unrecorded-path' }, keys: ['closure'] }]);
  });

  it('is a gap where the database was in use', async () => {
    const image = await openImage(fixture('installed.ext4.zst'), { limits: defaultLimits });
    const bytes = image.view.readBytes(databasePath) ?? new Uint8Array(0);
    image.close();
    const tree = { ...server, [databasePath]: bytes };
    expect(factsOf(tree).get('nix-store').gaps).toEqual([]);
    expect(factsOf({ ...tree, [`${databasePath}-wal`]: 'x' }).get('nix-store').gaps).toMatchObject([
      { cause: { code: 'nix/database-log' } },
    ]);
  });

  it('is a gap where a file cannot be scanned', () => {
    const error = new ImageError('corrupt', 'test/damaged', 'damaged');
    const path = pathOf(scanned, '-users-groups.json');
    const tree = { ...scanned, [path]: { ...(scanned[path] as MemoryNode), error } };
    const fact = factsOf(tree, { system: toplevel }).get('nix-store');
    expect(fact.gaps).toMatchObject([{ cause: { code: 'test/damaged' } }]);
    expect(fact.value.closure?.paths.size).toBeGreaterThan(10);
  });

  it('says what the system is', () => {
    expect(factsOf(server).get('nix-store').value.system).toMatchObject({
      toplevel,
      because: '/sbin/init',
      platform: { value: 'x86_64-linux' },
      version: '24.11.20250115.abcdef0',
      specialisations: [],
      sources: [{ origin: 'init', toplevel }],
      generations: [],
    });
  });

  it('is nothing outside NixOS', () => {
    const fact = factsOf({ '/etc/os-release': 'ID=debian\n', '/usr/bin/dpkg': 'x' }).get('nix-store');
    expect(fact).toEqual({ value: { present: 0 }, diagnostics: [], gaps: [] });
  });
});

describe('packages of a system', () => {
  const packages = (tree: MemoryTree) =>
    Object.fromEntries(
      factsOf(tree)
        .get('packages')
        .value.packages.map(({ name, version, level }) => [`${name} ${version}`, level]),
    );

  it('have the level of their nearest output', () => {
    const extra = `/nix/store/${'a'.repeat(32)}`;
    const found = packages({ ...server, [`${extra}-gcc-13.2`]: 'x', [`${extra}-socat-1.8.0.2-man`]: 'x' });
    expect(found).toMatchObject({
      'k3s 1.32.1+k3s1': 'path',
      'socat 1.8.0.2': 'path',
      'util-linux 2.40.2': 'path',
      'glibc 2.40-36': 'closure',
      'linux 6.6.74': 'closure',
      'gcc 13.2': 'store',
    });
    expect(Object.keys(found).filter((name) => /unit|system|etc|nixos/.test(name))).toEqual(['systemd 257.2']);
  });

  it('have their level by a scan where nobody wrote references down', () => {
    expect(packages(scanned)).toMatchObject({ 'k3s 1.32.1+k3s1': 'path', 'glibc 2.40-36': 'closure' });
  });
});
