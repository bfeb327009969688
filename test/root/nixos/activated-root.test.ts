/** What activation makes of a root: /etc over the image's own files, links outside the store, and how sure each answer is. */
import { describe, expect, it } from 'vitest';
import type { MemoryTree } from '../../../src/filesystems/memory.ts';
import type { RootView } from '../../../src/root/root-view.ts';
import { assemble, deviceOf } from './system-image.ts';

const store = (letter: string, name: string): string => `/nix/store/${letter.repeat(32)}-${name}`;
const toplevel = store('a', 'nixos-system-node-24.11');
const etc = `${store('b', 'etc')}/etc`;
const file = (name: string): string => `/nix/store/${'c'.repeat(32)}-etc-${name}`;
const bash = `${store('d', 'bash-5.2')}/bin/bash`;

const base: MemoryTree = {
  [`${toplevel}/activate`]: `# ${store('f', 'users-groups.json')}\nln -sfn "${bash}" /bin/.sh.tmp\n`,
  [`${toplevel}/etc`]: { link: etc },
  [`${toplevel}/sw/bin/env`]: { link: bash },
  [bash]: 'shell',
  [store('f', 'users-groups.json')]: JSON.stringify({
    users: [
      { name: 'web', uid: 977 },
      { name: 'late', uid: null },
    ],
    groups: [{ name: 'web', gid: 976 }],
  }),
  [file('plain')]: 'plain\n',
  [`${etc}/plain`]: { link: file('plain') },
  [`${etc}/dir/one.conf`]: { link: file('plain') },
  [`${etc}/tree`]: { link: store('e', 'tree') },
  [`${store('e', 'tree')}/inner`]: 'inner\n',
  [file('secret')]: 'secret\n',
  [`${etc}/secret`]: { link: file('secret') },
  [`${etc}/secret.mode`]: '0440\n',
  [`${etc}/secret.uid`]: 'web\n',
  [`${etc}/secret.gid`]: '+5\n',
  [`${etc}/late`]: { link: file('secret') },
  [`${etc}/late.mode`]: '0600\n',
  [`${etc}/late.uid`]: 'late\n',
  [`${etc}/late.gid`]: 'web\n',
  [`${etc}/direct`]: { link: file('plain') },
  [`${etc}/direct.mode`]: 'direct-symlink\n',
  [`${etc}/lonely.mode`]: { link: file('plain') },
  [`${etc}/broken`]: { link: store('g', 'gone') },
};

const viewOf = (more: MemoryTree = {}): RootView => assemble([deviceOf({ ...base, ...more })]).view;
const names = (view: RootView, path: string): string[] => (view.list(path) ?? []).map(({ name }) => name);

describe('/etc before activation', () => {
  const view = viewOf();

  it('has the entries of the system, without side files', () => {
    expect(names(view, '/etc')).toEqual([
      'broken',
      'dir',
      'direct',
      'late',
      'lonely.mode',
      'plain',
      'secret',
      'static',
      'tree',
    ]);
    expect(names(view, '/etc/dir')).toEqual(['one.conf']);
  });

  it('links through /etc/static, directly, or copies with mode and owner', () => {
    expect(view.readLink('/etc/plain')).toBe('/etc/static/plain');
    expect(view.readLink('/etc/dir/one.conf')).toBe('/etc/static/dir/one.conf');
    expect(view.readLink('/etc/direct')).toBe(file('plain'));
    expect(view.readLink('/etc/static')).toBe(etc);
    expect(view.readText('/etc/secret')).toBe('secret\n');
    expect(view.lstat('/etc/secret')).toMatchObject({ type: 'file', mode: 0o440, uid: 977, gid: 5, size: 7 });
    expect(view.lstat('/etc/late')).toMatchObject({ mode: 0o600, uid: 65534, gid: 976 });
    expect(view.readText('/etc/tree/inner')).toBe('inner\n');
  });

  it('says where a text really lies, and that it is derived', () => {
    expect(view.locate('/etc/plain', 1)).toEqual({ source: 'root.img', path: file('plain'), line: 1 });
    expect(view.locate('/etc/secret', 1)).toEqual({ source: 'root.img', path: file('secret'), line: 1 });
    expect(view.resolve('/etc/plain')).toMatchObject({ standing: 'derived' });
    expect(view.resolve(file('plain'))).toMatchObject({ standing: 'present' });
    expect(view.resolve('/etc/secret')).toMatchObject({ standing: 'derived' });
  });

  it('keeps a link into the store that dangles', () => {
    expect(view.resolve('/etc/broken')).toMatchObject({ state: 'missing', path: store('g', 'gone') });
  });

  it('stands beside the other links of activation', () => {
    expect(view.readLink('/bin/sh')).toBe(bash);
    expect(view.readLink('/usr/bin/env')).toBe(bash);
    expect(view.readLink('/run/current-system')).toBe(toplevel);
    expect(view.readLink('/run/booted-system')).toBe(toplevel);
  });
});

describe('/etc after activation', () => {
  it('keeps what activation made, and says it is present', () => {
    const view = viewOf({
      '/etc/static': { link: etc },
      '/etc/plain': { link: '/etc/static/plain' },
      '/etc/secret': { text: 'secret\n', mode: 0o440, uid: 977, gid: 5 },
      '/etc/passwd': 'root:x:0:0::/root:/bin/sh\n',
      '/bin/sh': { link: '/etc/other-shell' },
    });
    for (const path of ['/etc/plain', '/etc/secret', '/etc/passwd'])
      expect(view.resolve(path)).toMatchObject({ standing: 'present' });
    expect(view.resolve('/etc/direct')).toMatchObject({ standing: 'derived' });
    expect(view.readLink('/bin/sh')).toBe('/etc/other-shell');
  });

  it('makes again what another system left or somebody changed', () => {
    const view = viewOf({
      '/etc/static': { link: `${store('h', 'etc')}/etc` },
      '/etc/plain': 'edited\n',
      '/etc/secret': { text: 'edited\n', mode: 0o440, uid: 977, gid: 5 },
      '/etc/gone': { link: '/etc/static/gone' },
      '/etc/own': { link: '/etc/static/elsewhere' },
      '/etc/tree/inner': { link: '/etc/static/tree/inner' },
    });
    expect(view.readLink('/etc/static')).toBe(etc);
    expect(view.readText('/etc/plain')).toBe('plain\n');
    expect(view.readText('/etc/secret')).toBe('secret\n');
    expect(names(view, '/etc')).not.toContain('gone');
    expect(names(view, '/etc')).toContain('own');
    expect(view.readLink('/etc/tree')).toBe('/etc/static/tree');
  });

  it('leaves directories with files of the user alone', () => {
    const view = viewOf({ '/etc/tree/mine': 'mine\n', '/etc/dir/mine.conf': 'mine\n' });
    expect(names(view, '/etc/tree')).toEqual(['mine']);
    expect(names(view, '/etc/dir')).toEqual(['mine.conf', 'one.conf']);
  });
});

describe('the targets of links outside the store', () => {
  it('come from the bootspec, if it names them', () => {
    const text = JSON.stringify({
      'org.nixos.nixos-init.v1': { sh_binary: '/nix/store/sh', env_binary: '/nix/store/env' },
    });
    const view = viewOf({ [`${toplevel}/boot.json`]: text });
    expect(view.readLink('/bin/sh')).toBe('/nix/store/sh');
    expect(view.readLink('/usr/bin/env')).toBe('/nix/store/env');
    expect(viewOf({ [`${toplevel}/boot.json`]: '{' }).readLink('/bin/sh')).toBe(bash);
  });

  it('are made without an etc, too, which then dangles', () => {
    const view = viewOf({ [`${toplevel}/etc`]: { link: `${store('z', 'etc')}/etc` } });
    expect(view.resolve('/etc/static')).toMatchObject({ state: 'missing', path: `${store('z', 'etc')}/etc` });
  });
});
