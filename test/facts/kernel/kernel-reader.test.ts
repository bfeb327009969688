import { describe, expect, test } from 'vitest';
import { ImageError } from '../../../src/errors.ts';
import { readKernel } from '../../../src/facts/kernel/kernel-reader.ts';
import { MemoryFileSystem, type MemoryTree } from '../../../src/filesystems/memory.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { formatLocation } from '../../../src/location.ts';
import { type Mount, RootView } from '../../../src/root/root-view.ts';
import { makeModuleIndex, makeModuleLists } from './make-module-index.ts';

const boot = { source: 'image', path: '/boot/loader/entries/a.conf', line: 4 };
const modules = '/usr/lib/modules/6.12.1';

function read(tree: MemoryTree, commandLine?: string, mounts: readonly Mount[] = []) {
  const view = new RootView([{ path: '/', fileSystem: new MemoryFileSystem(tree, 'image') }, ...mounts], defaultLimits);
  return readKernel(view, commandLine === undefined ? undefined : { text: commandLine, location: boot });
}

describe('installed kernels', () => {
  const tree: MemoryTree = {
    '/lib': { link: 'usr/lib' },
    [`${modules}/modules.builtin`]: 'kernel/fs/ext4/ext4.ko\nkernel/lib/crc-t10dif.ko\n',
    ...makeModuleLists(
      modules,
      'kernel/net/bridge/br_netfilter.ko.xz: kernel/net/bridge/bridge.ko.xz\nkernel/drivers/md/dm-crypt.ko.zst:\nupdates/x.ko:\n',
    ),
    '/boot/vmlinuz-6.12.1': 'MZ',
    '/boot/config-6.12.1':
      'CONFIG_EXT4_FS=y\n# CONFIG_FOO is not set\nCONFIG_OVERLAY_FS=m\nCONFIG_LOCALVERSION="-x\\"y"\n',
  };

  test('modules by canonical name, each with the line that lists it', () => {
    const [kernel, ...others] = read(tree).value.kernels;
    expect(others).toEqual([]);
    expect(kernel?.release).toBe('6.12.1');
    expect(kernel?.modulesPath).toBe(modules);
    expect(kernel?.modules.dm_crypt).toEqual({
      name: 'dm_crypt',
      state: 'available',
      file: `${modules}/kernel/drivers/md/dm-crypt.ko.zst`,
      dependencies: [],
      location: { source: 'image', path: `${modules}/modules.dep`, line: 2 },
    });
    expect(kernel?.modules.br_netfilter?.dependencies).toEqual([`${modules}/kernel/net/bridge/bridge.ko.xz`]);
    expect(kernel?.modules.crc_t10dif).toEqual({
      name: 'crc_t10dif',
      state: 'builtin',
      location: { source: 'image', path: `${modules}/modules.builtin`, line: 2 },
    });
    expect(Object.keys(kernel?.modules ?? {}).sort()).toEqual(['br_netfilter', 'crc_t10dif', 'dm_crypt', 'ext4', 'x']);
    expect('bridge' in (kernel?.modules ?? {})).toBe(false);
  });

  test('the table of modules is plain JSON to who prints it', () => {
    const text = JSON.stringify(read(tree).value.kernels);
    const [kernel] = JSON.parse(text) as {
      modules: Record<string, { state: string }>;
      config: Record<string, string>;
    }[];
    expect(kernel?.modules.x?.state).toBe('available');
    expect(kernel?.config.EXT4_FS).toBe('y');
  });

  test('configuration and image', () => {
    const [kernel] = read(tree).value.kernels;
    expect({ ...kernel?.config }).toEqual({ EXT4_FS: 'y', OVERLAY_FS: 'm', LOCALVERSION: '-x"y' });
    expect(kernel?.configLocation).toEqual({ source: 'image', path: '/boot/config-6.12.1' });
    expect(kernel?.image).toEqual({ source: 'image', path: '/boot/vmlinuz-6.12.1' });
  });

  test('an ESP over /boot adds its kernels and does not hide the configuration below', () => {
    const esp = new MemoryFileSystem({ '/token/6.12.1/linux': 'MZ', '/EFI/Linux/x.efi': 'MZ' }, 'esp');
    const { '/boot/vmlinuz-6.12.1': _image, ...rest } = tree;
    const [kernel] = read(rest, undefined, [{ path: '/boot', fileSystem: esp }]).value.kernels;
    expect(kernel?.image).toEqual({ source: 'esp', path: '/token/6.12.1/linux' });
    expect(kernel?.config?.EXT4_FS).toBe('y');
  });

  test('without modules.dep the module files themselves are listed', () => {
    const [kernel] = read({
      [`${modules}/kernel/fs/overlayfs/overlay.ko.gz`]: 'x',
      [`${modules}/build`]: { link: '/usr/src/linux' },
      '/usr/src/linux/a.ko': 'x',
    }).value.kernels;
    expect(Object.keys(kernel?.modules ?? {})).toEqual(['overlay']);
    expect(kernel?.modules.overlay).toMatchObject({
      state: 'unlisted',
      file: `${modules}/kernel/fs/overlayfs/overlay.ko.gz`,
      unlisted: { reason: `there is no ${modules}/modules.dep.bin to find its modules by` },
    });
  });

  // modprobe(8) of Debian 12 and 13, each with such an index.
  const listed = 'kernel/a.ko: kernel/b.ko\nkernel/b.ko:\n';
  const index = `${modules}/modules.dep.bin`;
  test.each<[string, MemoryTree, Readonly<Record<string, string | undefined>>]>([
    ['empty', { [index]: '' }, { a: `${index} is not what kmod reads: it has 0 bytes, less than its header` }],
    [
      'older than the text',
      { [index]: makeModuleIndex('kernel/b.ko:\n') },
      { a: `${index} does not list it`, b: undefined },
    ],
    [
      'cut off',
      { [index]: makeModuleIndex(listed).subarray(0, 16) },
      { a: `${index} is damaged: it ends at byte 16, byte 66 is missing` },
    ],
  ])('what modules.dep.bin does not tell is not found: %s', (_, tree, reasons) => {
    const { kernels, ...rest } = read({ [`${modules}/modules.dep`]: listed, ...tree }).value;
    expect(rest.problems).toEqual([]);
    for (const [name, reason] of Object.entries(reasons)) {
      const module = kernels[0]?.modules[name];
      expect(module?.unlisted?.reason).toBe(reason);
      expect(module?.state).toBe(reason === undefined ? 'available' : 'unlisted');
      expect(module?.location.line).toBe(name === 'a' ? 1 : 2);
    }
  });

  test('modules.dep is believed where it stands alone', () => {
    const [kernel] = read({ [`${modules}/modules.dep`]: listed }).value.kernels;
    expect(kernel?.modules.a).toEqual({
      name: 'a',
      state: 'available',
      file: `${modules}/kernel/a.ko`,
      dependencies: [`${modules}/kernel/b.ko`],
      location: { source: 'image', path: `${modules}/modules.dep`, line: 1 },
    });
    expect(kernel?.modules.c).toBeUndefined();
  });

  test('the index tells the file and what it needs, whatever the text says', () => {
    const [kernel] = read({
      [`${modules}/modules.dep`]: 'old/a.ko:\n',
      [index]: makeModuleIndex('kernel/a.ko: kernel/b.ko\nkernel/b.ko:\n'),
    }).value.kernels;
    expect(kernel?.modules.a).toEqual({
      name: 'a',
      state: 'available',
      file: `${modules}/kernel/a.ko`,
      dependencies: [`${modules}/kernel/b.ko`],
      location: { source: 'image', path: index },
    });
    expect(kernel?.modules.b?.state).toBe('available');
  });

  test('a directory with nothing of a kernel in it is none; an image without modules is one', () => {
    const { kernels } = read({ '/usr/lib/modules/old/build': { directory: true }, '/boot/vmlinuz-6.1': 'MZ' }).value;
    expect(kernels.map(({ release, modulesPath }) => [release, modulesPath])).toEqual([['6.1', undefined]]);
  });

  test('NixOS keeps the modules in the closure of the system', () => {
    const store = '/nix/store/abc-kernel-modules/lib/modules/6.6.1';
    const { kernels } = read({
      '/run/current-system/kernel-modules': { link: '/nix/store/abc-kernel-modules' },
      [`${store}/modules.dep`]: 'kernel/a.ko.xz:\n',
    }).value;
    expect(kernels.map(({ modulesPath }) => modulesPath)).toEqual([store]);
  });

  test.each(['modules.dep', 'modules.dep.bin'])('an unreadable list of modules leaves no module absent: %s', (name) => {
    const error = new ImageError('corrupt', 'ext4/bad-checksum', 'bad checksum');
    const { gaps } = read({ ...makeModuleLists(modules, 'a.ko:\n'), [`${modules}/${name}`]: { text: 'a.ko:', error } });
    expect(gaps.map(({ keys }) => keys)).toEqual([undefined]);
  });
});

describe('requests', () => {
  test('command line first, then files in order, repetitions kept', () => {
    const { requests } = read(
      {
        '/etc/modules-load.d/20.conf': '# c\n; c\n  overlay \nbr-netfilter\n',
        '/usr/lib/modules-load.d/10.conf': 'overlay\n',
      },
      'quiet modules-load=loop,nbd rd.modules_load=dm-crypt modules-load=',
    ).value;
    expect(requests.map(({ name, text, by, location }) => [name, text, by, formatLocation(location)])).toEqual([
      ['loop', undefined, 'command line', formatLocation(boot)],
      ['nbd', undefined, 'command line', formatLocation(boot)],
      ['dm_crypt', 'dm-crypt', 'command line', formatLocation(boot)],
      ['overlay', undefined, 'modules-load.d', 'image:/usr/lib/modules-load.d/10.conf:1'],
      ['overlay', undefined, 'modules-load.d', 'image:/etc/modules-load.d/20.conf:3'],
      ['br_netfilter', 'br-netfilter', 'modules-load.d', 'image:/etc/modules-load.d/20.conf:4'],
    ]);
  });
});

describe('modprobe.d', () => {
  test('every command, with continued lines and canonical names', () => {
    const { value } = read({
      '/etc/modprobe.d/a.conf': [
        '# comment',
        'blacklist nf-conntrack',
        'install overlay /bin/false',
        'install ok /sbin/modprobe --ignore-install ok \\',
        '  && true',
        'options br-netfilter a=1 b="x y"',
        'softdep snd pre: snd-a snd-b post: snd-c',
        'weakdep snd-hda  snd-x snd_y',
        'weakdep bare',
        'alias net-pf-10 ipv6-x',
        'remove a /bin/true',
        'options onlyname',
        'include /etc/other',
      ].join('\n'),
    });
    expect(value.blocks.map(({ name, kind, text, location }) => [name, kind, text, location.line])).toEqual([
      ['nf_conntrack', 'blacklist', 'blacklist nf_conntrack', 2],
      ['overlay', 'install', 'install overlay /bin/false', 3],
    ]);
    expect(value.installs.map(({ name, command, location }) => [name, command, location.line])).toEqual([
      ['overlay', '/bin/false', 3],
      ['ok', '/sbin/modprobe --ignore-install ok   && true', 4],
    ]);
    expect(value.options.map(({ name, text }) => [name, text])).toEqual([['br_netfilter', 'a=1 b="x y"']]);
    expect(value.softdeps.map(({ name, pre, post }) => [name, pre, post])).toEqual([
      ['snd', ['snd-a', 'snd-b'], ['snd-c']],
    ]);
    expect(value.aliases.map(({ alias, name }) => [alias, name])).toEqual([['net_pf_10', 'ipv6_x']]);
    expect(value.removes.map(({ name }) => name)).toEqual(['a']);
    expect(value.weakdeps.map(({ name, weak }) => [name, weak])).toEqual([['snd_hda', ['snd-x', 'snd_y']]]);
    expect(value.problems.map(({ location }) => location.line)).toEqual([9, 12, 13]);
  });

  test('a masked file blocks nothing', () => {
    const { value } = read({
      '/usr/lib/modprobe.d/a.conf': 'blacklist overlay\n',
      '/etc/modprobe.d/a.conf': { link: '/dev/null' },
    });
    expect(value.blocks).toEqual([]);
    expect(value.masked).toHaveLength(1);
  });

  test('the command line blocks in the kernel or in kmod', () => {
    const { blocks } = read({}, 'module_blacklist=overlay,br-netfilter modprobe.blacklist=nouveau').value;
    expect(blocks.map(({ name, kind }) => [name, kind])).toEqual([
      ['overlay', 'command line'],
      ['br_netfilter', 'command line'],
      ['nouveau', 'blacklist'],
    ]);
  });
});
