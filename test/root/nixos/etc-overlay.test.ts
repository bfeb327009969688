/** /etc as an overlay: the lower layer in an EROFS image, contents in the store, and what a mutable one has on top. */
import { beforeAll, describe, expect, it } from 'vitest';
import { MemorySource } from '../../../src/bytes/memory-source.ts';
import { ImageError } from '../../../src/errors.ts';
import { FactStore } from '../../../src/facts/fact-store.ts';
import { openErofs } from '../../../src/filesystems/erofs/open-erofs.ts';
import type { FileSystem } from '../../../src/filesystems/file-system.ts';
import type { MemoryNode } from '../../../src/filesystems/memory.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { assembleRoot } from '../../../src/root/assemble-root.ts';
import { openImage } from '../../../src/root/open-image.ts';
import type { RootView } from '../../../src/root/root-view.ts';
import { deviceOf, fixture, loadTree, pathOf, remove, toplevel } from './system-image.ts';

const names = (view: RootView, path: string): string[] => (view.list(path) ?? []).map(({ name }) => name);

describe('a sample with an /etc overlay', () => {
  it('shows what stage 1 mounts', async () => {
    const image = await openImage(fixture('overlay.tar.xz'), { limits: defaultLimits });
    expect(image.nixos?.etcOverlay).toMatchObject({ isMutable: false });
    expect(names(image.view, '/etc')).not.toContain('static');
    expect(names(image.view, '/etc')).not.toContain('00');
    expect(image.view.readText('/etc/alias-of-hostname')).toBe('edge-1\n');
    expect(image.view.stat('/etc/sudoers')).toMatchObject({ mode: 0o440, uid: 0, gid: 0 });
    expect(image.view.readText('/etc/sudoers')).toBe('root ALL=(ALL:ALL) SETENV: ALL\n');
    expect(image.view.locate('/etc/sudoers').path).toMatch(/-etc-lowerdir\/sudoers$/);
    expect(image.view.stat('/etc/machine-id')).toMatchObject({ size: 0, mode: 0o444 });
    expect(image.view.resolve('/etc/sudoers')).toMatchObject({ standing: 'derived' });
    image.close();
  });

  it('has the accounts userborn makes', async () => {
    const image = await openImage(fixture('overlay.tar.xz'), { limits: defaultLimits });
    const { users } = new FactStore(image.view, image.facts).get('accounts').value;
    expect(users).toMatchObject([
      { name: 'root', uid: 0, password: 'locked', standing: 'declared' },
      { name: 'operator', uid: 1000, password: 'hash', scheme: '6', standing: 'declared' },
    ]);
    image.close();
  });
});

describe('an /etc overlay', () => {
  type Tree = Awaited<ReturnType<typeof loadTree>>;
  let tree: Tree;
  let metadata: FileSystem;
  beforeAll(async () => {
    tree = await loadTree('overlay.tar.xz');
    const { bytes = new Uint8Array(0) } = tree[pathOf(tree, '-etc-metadata.erofs')] as MemoryNode;
    metadata = await openErofs(new MemorySource(bytes, 'etc.erofs'), { limits: defaultLimits });
  });
  const assemble = (changed: Tree) => assembleRoot([deviceOf(changed)], {}, defaultLimits, metadata);

  it('covers what the image has in /etc', () => {
    const { view } = assemble({ ...tree, '/etc/forgotten': 'x', '/etc/hostname': 'other\n' });
    expect(view.exists('/etc/forgotten')).toBe('no');
    expect(view.readText('/etc/hostname')).toBe('edge-1\n');
  });

  it('lies below its upper layer', () => {
    const upper = '/.rw-etc/upper';
    const { view, nixos } = assemble({
      ...tree,
      [`${upper}/hostname`]: 'changed\n',
      [`${upper}/sudoers`]: { type: 'character', device: { major: 0, minor: 0 } },
      [`${upper}/sysctl.d/99-local.conf`]: 'a=1\n',
      [`${upper}/rancher`]: { directory: true, mode: 0o700, xattrs: { 'trusted.overlay.opaque': Buffer.from('y') } },
      [`${upper}/rancher/new`]: 'new\n',
    });
    expect(nixos?.etcOverlay).toMatchObject({ isMutable: true });
    expect(view.readText('/etc/hostname')).toBe('changed\n');
    expect(view.locate('/etc/hostname').path).toBe('/.rw-etc/upper/hostname');
    expect(view.resolve('/etc/hostname')).toMatchObject({ standing: 'present' });
    expect(view.exists('/etc/sudoers')).toBe('no');
    expect(names(view, '/etc/sysctl.d')).toEqual(['50-default.conf', '60-nixos.conf', '99-local.conf']);
    expect(names(view, '/etc/rancher')).toEqual(['new']);
    expect(view.stat('/etc/rancher')).toMatchObject({ mode: 0o700 });
  });

  it('cannot give the content of a file that its directory lacks', () => {
    const changed = { ...tree };
    remove(changed, pathOf(tree, '-etc-lowerdir/sudoers'));
    const { view } = assemble(changed);
    expect(() => view.readText('/etc/sudoers')).toThrow(/not in .*-etc-lowerdir: \/sudoers/);
    expect(view.readText('/etc/hostname')).toBe('edge-1\n');
  });

  it('is unreadable, not empty, if its image is damaged', () => {
    const error = new ImageError('corrupt', 'erofs/bad-checksum', 'the superblock is damaged');
    const { view, diagnostics } = assembleRoot([deviceOf(tree)], {}, defaultLimits, error);
    expect(view.exists('/etc/hostname')).toBe('unreadable');
    expect(diagnostics).toMatchObject([{ level: 'damage', code: 'erofs/bad-checksum' }]);
  });

  it('may be named by the bootspec', () => {
    const changed = { ...tree };
    const take = (name: string): string => {
      const { link = '' } = changed[`${toplevel}/${name}`] as MemoryNode;
      delete changed[`${toplevel}/${name}`];
      return link;
    };
    const keys = { etc_metadata_image: take('etc-metadata-image'), etc_basedir: take('etc-basedir') };
    changed[`${toplevel}/boot.json`] = JSON.stringify({ 'org.nixos.nixos-init.v1': keys });
    const { nixos, view } = assemble(changed);
    expect(nixos?.etcOverlay).toMatchObject({ metadata: keys.etc_metadata_image, data: keys.etc_basedir });
    expect(view.exists('/etc/static')).toBe('no');
  });
});
