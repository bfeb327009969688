import { describe, expect, test } from 'vitest';
import { ImageError } from '../../../src/errors.ts';
import { sysctlValue } from '../../../src/facts/sysctl/resolve-sysctl.ts';
import { readSysctl } from '../../../src/facts/sysctl/sysctl-reader.ts';
import { MemoryFileSystem, type MemoryTree } from '../../../src/filesystems/memory.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { formatLocation } from '../../../src/location.ts';
import { RootView } from '../../../src/root/root-view.ts';

const boot = { source: 'image', path: '/boot/loader/entries/a.conf', line: 4 };

function read(tree: MemoryTree, commandLine?: string) {
  const view = new RootView([{ path: '/', fileSystem: new MemoryFileSystem(tree, 'image') }], defaultLimits);
  return readSysctl(view, commandLine === undefined ? undefined : { text: commandLine, location: boot });
}

/** `value file:line`, and what it beats, for one key. */
function told(fact: ReturnType<typeof read>['value'], key: string) {
  const value = sysctlValue(fact, key);
  if (!value) return undefined;
  const [place, ...beats] = [value.set, ...value.beats].map(({ location }) => formatLocation(location));
  return { value: value.value, place, beats };
}

describe('sysctl', () => {
  test('tells the assignment that counts and those it beats, latest first', () => {
    const { value } = read({
      '/usr/lib/sysctl.d/10.conf': 'kernel.a = 1\n',
      '/etc/sysctl.d/50.conf': '# comment\nkernel/a=2\n',
      '/etc/sysctl.d/99-sysctl.conf': { link: '../sysctl.conf' },
      '/etc/sysctl.conf': '\n\nkernel.a=3\n',
    });
    expect(told(value, 'kernel.a')).toEqual({
      value: '3',
      place: 'image:/etc/sysctl.conf:3',
      beats: ['image:/etc/sysctl.d/50.conf:2', 'image:/usr/lib/sysctl.d/10.conf:1'],
    });
    expect(value.files.map(formatLocation)).toEqual([
      'image:/usr/lib/sysctl.d/10.conf',
      'image:/etc/sysctl.d/50.conf',
      'image:/etc/sysctl.conf',
    ]);
  });

  test('a line without a value takes earlier assignments and all globs away', () => {
    const { value } = read({
      '/etc/sysctl.d/1.conf':
        'net.ipv4.conf.*.rp_filter=2\nnet.ipv4.conf.all.rp_filter=1\n-net.ipv4.conf.all.rp_filter\n',
    });
    expect(told(value, 'net.ipv4.conf.all.rp_filter')).toBeUndefined();
    expect(value.excluded['net.ipv4.conf.all.rp_filter']?.location.line).toBe(3);
    expect(told(value, 'net.ipv4.conf.eth0.rp_filter')?.value).toBe('2');
    expect(told(value, 'net/ipv4/conf/eth0/rp_filter')?.value).toBe('2');
  });

  test('a dot inside a component is written as a slash', () => {
    const { value } = read({ '/etc/sysctl.d/1.conf': 'net/ipv4/conf/eth0.100/rp_filter=1\n' });
    expect(value.values['net.ipv4.conf.eth0/100.rp_filter']?.value).toBe('1');
  });

  describe('two names of one variable', () => {
    test('the later one counts for both', () => {
      const { value } = read({
        '/etc/sysctl.d/60-nixos.conf': 'net.ipv4.conf.all.forwarding=0\nnet.ipv4.ip_forward=1\n',
      });
      for (const key of ['net.ipv4.ip_forward', 'net.ipv4.conf.all.forwarding']) {
        expect(told(value, key)).toEqual({
          value: '1',
          place: 'image:/etc/sysctl.d/60-nixos.conf:2',
          beats: ['image:/etc/sysctl.d/60-nixos.conf:1'],
        });
      }
      expect(value.values['net.ipv4.ip_forward']?.aliases).toEqual(['net.ipv4.conf.all.forwarding']);
    });

    test('an equal assignment leaves the first in its place, so that the other name is written last', () => {
      const { value } = read({
        '/etc/sysctl.d/10.conf': 'net.ipv4.ip_forward=1\n',
        '/etc/sysctl.d/20.conf': 'net.ipv4.conf.all.forwarding=0\n',
        '/etc/sysctl.d/30.conf': 'net.ipv4.ip_forward=1\n',
      });
      expect(told(value, 'net.ipv4.ip_forward')?.value).toBe('0');
    });

    test('a glob reaches the name that is not written', () => {
      const { value } = read({
        '/etc/sysctl.d/10.conf': 'net.ipv4.ip_forward=1\nnet.ipv4.conf.*.forwarding=0\n',
      });
      expect(told(value, 'net.ipv4.ip_forward')?.value).toBe('0');
    });

    test('holds for inotify limits and their user.* twins', () => {
      const { value } = read({
        '/etc/sysctl.d/1.conf': 'fs.inotify.max_user_watches=1\nuser.max_inotify_watches=524288\n',
      });
      expect(told(value, 'fs.inotify.max_user_watches')?.value).toBe('524288');
    });
  });

  test('the kernel command line is set first and any file beats it', () => {
    const { value } = read(
      { '/etc/sysctl.d/1.conf': 'kernel.b=2\n' },
      'quiet sysctl.kernel.a=7 sysctl.kernel.b=7 hung_task_panic=1',
    );
    expect(told(value, 'kernel.a')).toEqual({ value: '7', place: formatLocation(boot), beats: [] });
    expect(told(value, 'kernel.b')).toEqual({
      value: '2',
      place: 'image:/etc/sysctl.d/1.conf:1',
      beats: [formatLocation(boot)],
    });
    expect(told(value, 'kernel.hung_task_panic')?.value).toBe('1');
  });

  test('a glob of a file beats the command line', () => {
    const { value } = read(
      { '/etc/sysctl.d/1.conf': 'net.ipv4.conf.*.rp_filter=2\n' },
      'sysctl.net.ipv4.conf.all.rp_filter=0',
    );
    expect(told(value, 'net.ipv4.conf.all.rp_filter')?.value).toBe('2');
  });

  test.each([
    ['net.bridge.bridge-nf-call-iptables', 'br_netfilter'],
    ['net.netfilter.nf_conntrack_max', 'nf_conntrack'],
    ['net.ipv4.ip_forward', undefined],
  ])('%s needs the module %s', (key, module) => {
    expect(read({ '/etc/sysctl.d/1.conf': `${key}=1\n` }).value.values[key]?.requiresModule).toBe(module);
  });

  test('lines that systemd-sysctl rejects are problems, optional ones are not', () => {
    const { value } = read({ '/etc/sysctl.d/1.conf': 'kernel.a 1\na/../b=1\n-a/../c=1\n=1\n' });
    expect(value.problems.map(({ location }) => location.line)).toEqual([1, 2, 4]);
    expect(Object.keys(value.values)).toEqual([]);
  });

  test('names of an image cannot reach the prototype', () => {
    const { value } = read({ '/etc/sysctl.d/1.conf': '__proto__=1\nconstructor=2\n' });
    expect(Object.keys(value.values).sort()).toEqual(['__proto__', 'constructor']);
    expect(sysctlValue(read({}).value, 'toString')).toBeUndefined();
  });

  test('an unreadable file touches every answer', () => {
    const error = new ImageError('corrupt', 'ext4/bad-checksum', 'bad checksum');
    const { gaps, diagnostics } = read({ '/etc/sysctl.d/1.conf': { text: 'kernel.a=1', error } });
    expect(gaps).toHaveLength(1);
    expect(gaps[0]?.keys).toBeUndefined();
    expect(diagnostics.map(({ level }) => level)).toEqual(['damage']);
  });
});
