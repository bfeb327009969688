/** For any text every reader of configuration gives an answer, the same one each time; ImageError is the only other outcome. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ImageError } from '../../../src/errors.ts';
import { readAccounts } from '../../../src/facts/accounts/accounts-reader.ts';
import { readPresets } from '../../../src/facts/conf-files/presets.ts';
import { readEnvironmentD } from '../../../src/facts/environment/environment-d.ts';
import { readKernel } from '../../../src/facts/kernel/kernel-reader.ts';
import { readSysctl } from '../../../src/facts/sysctl/sysctl-reader.ts';
import { readTmpfiles } from '../../../src/facts/tmpfiles/tmpfiles-reader.ts';
import { MemoryFileSystem } from '../../../src/filesystems/memory.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { RootView } from '../../../src/root/root-view.ts';

const words = [
  'kernel.a',
  'net.ipv4.conf.*.rp_filter',
  'net/ipv4/ip_forward',
  '=',
  '=1',
  '-',
  '/',
  '.',
  '*',
  '[',
  '\\',
  '"',
  "'",
  '$A',
  '${A:-',
  '}',
  '%m',
  '%%',
  'd',
  'L+',
  'f',
  'z',
  'u',
  'g',
  'm',
  'r',
  '/srv/a',
  '/srv/*',
  '0755',
  'root',
  '404',
  '404:405',
  'blacklist',
  'install',
  'options',
  'softdep',
  'weakdep',
  'alias',
  'enable',
  'disable',
  'x:x:1:1::/:',
  ':',
  '#',
  ';',
  ' ',
  '\t',
  '\n',
  '\n',
  '\r',
  '\0',
  '\ufeff',
  '\udcff',
  '__proto__',
  'constructor',
  'kernel/a.ko.xz:',
  'CONFIG_A=y',
];
const text = fc
  .array(fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 4 })), { maxLength: 40 })
  .map((parts) => parts.join(''));

const readers: Readonly<Record<string, (view: RootView, text: string) => unknown>> = {
  sysctl: (view, line) => readSysctl(view, { text: line, location: { source: 'image' } }),
  kernel: (view, line) => readKernel(view, { text: line, location: { source: 'image' } }),
  tmpfiles: (view) => readTmpfiles(view, readAccounts(view)),
  accounts: (view) => readAccounts(view),
  presets: (view) => readPresets(view),
  'environment.d': (view) => readEnvironmentD(view),
};

const paths = [
  '/etc/sysctl.d/a.conf',
  '/usr/lib/sysctl.d/b.conf',
  '/etc/modules-load.d/a.conf',
  '/etc/modprobe.d/a.conf',
  '/usr/lib/modules/6.1/modules.dep',
  '/usr/lib/modules/6.1/modules.builtin',
  '/boot/config-6.1',
  '/etc/tmpfiles.d/a.conf',
  '/usr/lib/tmpfiles.d/a.conf',
  '/etc/sysusers.d/a.conf',
  '/etc/environment.d/a.conf',
  '/etc/os-release',
  '/etc/passwd',
  '/etc/group',
  '/etc/shadow',
  '/etc/systemd/system-preset/a.preset',
];
const trees = fc
  .tuple(...paths.map(() => text))
  .map((texts) => Object.fromEntries(paths.map((path, at) => [path, texts[at] as string])));

describe.each(Object.entries(readers))('%s', (_name, read) => {
  test('never throws anything but ImageError and is deterministic', () => {
    fc.assert(
      fc.property(trees, text, (tree, line) => {
        const once = (): string => {
          const view = new RootView([{ path: '/', fileSystem: new MemoryFileSystem(tree, 'image') }], defaultLimits);
          try {
            return JSON.stringify(read(view, line));
          } catch (error) {
            expect(error).toBeInstanceOf(ImageError);
            return String(error);
          }
        };
        expect(once()).toBe(once());
      }),
      { seed: 20261122, numRuns: 150 },
    );
  });
});
