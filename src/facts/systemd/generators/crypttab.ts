/** systemd-cryptsetup-generator: a service for each line of /etc/crypttab. crypttab(5), systemd-cryptsetup-generator(8). */
import type { Location } from '../../../location.ts';
import { escapePath, escapeUnitName } from '../unit-name.ts';
import { deviceNode } from './fstab.ts';
import { escapeSpecifiers, type Generated, mergeGenerated } from './generated.ts';

/** Units and links for the text of /etc/crypttab. */
export function generateFromCrypttab(text: string, file: Location): Generated {
  return mergeGenerated(
    text.split('\n').flatMap((line, index) => {
      const [name, device, , options = ''] = line.trim().split(/[ \t]+/);
      if (name === undefined || name === '' || name.startsWith('#') || device === undefined) return [];
      return [generateVolume(name, deviceNode(device), options.split(','), { ...file, line: index + 1 })];
    }),
  );
}

function generateVolume(name: string, device: string, options: readonly string[], origin: Location): Generated {
  const unit = `systemd-cryptsetup@${escapeUnitName(name)}.service`;
  const network = options.includes('_netdev');
  const target = network ? 'remote-cryptsetup.target' : 'cryptsetup.target';
  const node = device.startsWith('/dev/') ? escapePath(device) : undefined;
  const lines = [
    '[Unit]',
    'Description=Cryptography Setup for %I',
    'SourcePath=/etc/crypttab',
    'DefaultDependencies=no',
    'IgnoreOnIsolate=true',
    `After=${network ? 'remote-fs-pre.target' : 'cryptsetup-pre.target'} systemd-udevd-kernel.socket`,
    `Before=blockdev@dev-mapper-%i.target umount.target${options.includes('nofail') ? '' : ` ${target}`}`,
    'Conflicts=umount.target',
    ...(node === undefined ? [] : [`BindsTo=${node}.device`, `After=${node}.device`]),
    '[Service]',
    'Type=oneshot',
    'RemainAfterExit=yes',
    'TimeoutSec=infinity',
    `ExecStart=/usr/bin/systemd-cryptsetup attach '${escapeSpecifiers(name)}' '${escapeSpecifiers(device)}'`,
    `ExecStop=/usr/bin/systemd-cryptsetup detach '${escapeSpecifiers(name)}'`,
    '',
  ];
  const kind = options.includes('nofail') ? ('Wants' as const) : ('Requires' as const);
  const links = options.includes('noauto') ? [] : [{ from: target, kind, to: unit, origin }];
  return { units: [{ name: unit, text: lines.join('\n'), origin }], links, masks: [] };
}
