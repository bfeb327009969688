/** `systemctl`, `modules` against the image's own programs in a chroot of the built tree, on the folder and on the disk image. */
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { builtImage, checkImage } from './check-image.ts';

const tree = builtImage('k3s-server.rootfs');
/** A bare chroot runs no generators: units that they make or enable (fstab, serial console, ssh). */
const generated = /^(?:sshd-unix-local|systemd-remount-fs|sshd@|serial-getty@)| generated +-$/;

interface Answer {
  readonly code: number | null;
  readonly stdout: string;
}

function inTree(...command: readonly string[]): Answer {
  const { status, stdout } = spawnSync('chroot', [tree, ...command], { encoding: 'utf8' });
  return { code: status, stdout };
}

function ours(image: string, ...words: readonly string[]): Answer {
  const { code, stdout } = checkImage('systemctl', builtImage(image), ...words);
  return { code, stdout };
}

/** Columns are as wide as the names that are there. */
function rows(text: string): readonly string[] {
  return text.split('\n').flatMap((line) => {
    if (generated.test(line) || line.endsWith('listed.')) return [];
    return [line.replace(/ +/g, ' ')];
  });
}

describe.each(['k3s-server.rootfs', 'k3s-server.wic'])('%s', (image) => {
  it('list-unit-files: every state and preset', () => {
    const said = ours(image, 'list-unit-files');
    const real = inTree('systemctl', 'list-unit-files');
    expect(real.stdout.split('\n').length).toBeGreaterThan(240);
    expect(rows(said.stdout)).toEqual(rows(real.stdout));
  });

  it.each([
    [['--type=timer,path']],
    [['--state=masked']],
    [['ssh', 'ssh.service', 'k3s*']],
    [['nope']],
    [['--no-legend', 'dbus*']],
  ])('list-unit-files %j', (words) => {
    expect(ours(image, 'list-unit-files', ...words)).toEqual(inTree('systemctl', 'list-unit-files', ...words));
  });

  it.each([
    [['ssh']],
    [['nope']],
    [['hwclock', 'debug-shell', 'nope']],
    [['nope', 'ssh']],
    [['autovt@.service', 'getty@tty1.service', 'getty@tty2.service']],
    [['--quiet', 'ssh']],
    [['--quiet', 'hwclock']],
    [['run-lock.mount', 'fstrim.timer', 'dbus.socket', 'ctrl-alt-del.target']],
  ])('is-enabled %j', (words) => {
    expect(ours(image, 'is-enabled', ...words)).toEqual(inTree('systemctl', 'is-enabled', ...words));
  });

  it('get-default', () => {
    expect(ours(image, 'get-default')).toEqual(inTree('systemctl', 'get-default'));
  });

  it('modules --showconfig: the configuration of modprobe', () => {
    const [configuration] = inTree('modprobe', '--showconfig').stdout.split('\n# End of configuration files.');
    expect(checkImage('modules', builtImage(image), '--showconfig').stdout).toBe(configuration);
  });

  it('modules: the file modprobe would load', () => {
    const { stdout } = checkImage('modules', builtImage(image), '--no-legend');
    const listed = stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split(/ +/));
    expect(listed.length).toBeGreaterThan(3);
    for (const [name = '', state, release = '', file] of listed) {
      const real = inTree('modprobe', '--set-version', release, '--show-depends', '--ignore-install', name).stdout;
      const last = real.trimEnd().split('\n').at(-1)?.split(' ')[1];
      expect([state, file]).toEqual(['available', last?.replace(/^\/lib\//, '/usr/lib/')]);
    }
  });
});
