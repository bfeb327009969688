/**
 * systemd-fstab-generator: mount, automount and swap units from /etc/fstab. systemd-fstab-generator(8), systemd.mount(5).
 * Not read: root= and mount.usr= of the kernel command line, the fsck column, x-systemd.growfs, makefs and pcrfs.
 */
import type { Location } from '../../../location.ts';
import { type FstabEntry, findOption, parseFstab } from '../../../root/fstab.ts';
import { isNetworkMount } from '../implicit-dependencies.ts';
import { escapePath } from '../unit-name.ts';
import { simplifyPath } from '../values/exec-command.ts';
import {
  escapeSpecifiers,
  type Generated,
  type GeneratedLink,
  type GeneratedUnit,
  mergeGenerated,
  nothing,
} from './generated.ts';

/** Mount points that systemd mounts itself before any unit. */
const apiMounts: ReadonlySet<string> = new Set(
  '/proc /sys /dev /dev/pts /dev/shm /run /sys/fs/cgroup /sys/kernel/security /sys/fs/selinux /sys/fs/bpf /sys/firmware/efi/efivars'.split(
    ' ',
  ),
);

const udevTags: Readonly<Record<string, string>> = {
  UUID: 'by-uuid',
  LABEL: 'by-label',
  PARTUUID: 'by-partuuid',
  PARTLABEL: 'by-partlabel',
};

/** Units and links for the text of /etc/fstab. */
export function generateFromFstab(text: string, file: Location): Generated {
  return mergeGenerated(
    parseFstab(text).entries.map((entry) => {
      const origin = { ...file, line: entry.line };
      return entry.type === 'swap' ? generateSwap(entry, origin) : generateMount(entry, origin);
    }),
  );
}

/** `/dev/disk/by-uuid/...` for `UUID=...`, as the generator spells devices. */
export function deviceNode(device: string): string {
  const equals = device.indexOf('=');
  const tag = equals > 0 ? udevTags[device.slice(0, equals)] : undefined;
  const value = device.slice(equals + 1).replace(/^"(.*)"$/, '$1');
  return tag === undefined ? device : `/dev/disk/${tag}/${encodeForUdev(value)}`;
}

/** Characters that udev does not allow in link names become `\xNN`. */
function encodeForUdev(value: string): string {
  return value.replace(
    /[^0-9A-Za-z#+\-.:=@_\u0080-\uffff]/g,
    (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}

function generateMount(entry: FstabEntry, origin: Location): Generated {
  const where = simplifyPath(entry.path);
  const prefix = entry.path.startsWith('/') ? escapePath(where) : undefined;
  if (prefix === undefined || apiMounts.has(where)) return nothing;
  const what = deviceNode(entry.device);
  const isRoot = where === '/';
  const noauto = !isRoot && entry.options.includes('noauto');
  const nofail = !isRoot && entry.options.includes('nofail');
  const automount =
    !isRoot &&
    entry.options.some((option) => option === 'x-systemd.automount' || option === 'comment=systemd.automount');
  const network = isNetworkMount(entry.type, entry.options.join(','));
  const from = network ? 'remote-fs.target' : 'local-fs.target';
  const kind = nofail ? 'Wants' : 'Requires';
  const pulled = automount ? `${prefix}.automount` : `${prefix}.mount`;
  const explicit = [
    ...extraDependencies(entry, 'x-systemd.wanted-by').map((each) => link(each, 'Wants', pulled, origin)),
    ...extraDependencies(entry, 'x-systemd.required-by').map((each) => link(each, 'Requires', pulled, origin)),
  ];
  const standard = noauto && !automount ? [] : [link(from, kind, pulled, origin)];
  const mount: GeneratedUnit = {
    name: `${prefix}.mount`,
    text: mountText(entry, what, where, explicit.length > 0),
    origin,
  };
  const units = automount ? [mount, automountUnit(entry, where, prefix, origin)] : [mount];
  return { units, links: [...(explicit.length > 0 ? explicit : standard)], masks: [] };
}

function link(from: string, kind: GeneratedLink['kind'], to: string, origin: Location): GeneratedLink {
  return { from, kind, to, origin };
}

function mountText(entry: FstabEntry, what: string, where: string, isWantedElsewhere: boolean): string {
  const options = entry.options.filter((option) => !option.startsWith('x-systemd.device-timeout='));
  const isDefault = options.join() === 'defaults' || options.length === 0;
  const timeout = findOption(entry.options, 'x-systemd.mount-timeout');
  const device = what.startsWith('/dev/') ? escapePath(what) : undefined;
  return [
    ...unitSection(entry),
    ...(isWantedElsewhere ? ['DefaultDependencies=no', 'Conflicts=umount.target', 'Before=umount.target'] : []),
    ...(device === undefined ? [] : [`After=blockdev@${device}.target`]),
    '[Mount]',
    `What=${escapeSpecifiers(what)}`,
    `Where=${escapeSpecifiers(where)}`,
    ...(entry.type === 'auto' ? [] : [`Type=${escapeSpecifiers(entry.type)}`]),
    ...(timeout === undefined ? [] : [`TimeoutSec=${timeout}`]),
    ...(isDefault ? [] : [`Options=${escapeSpecifiers(options.join(','))}`]),
    '',
  ].join('\n');
}

function unitSection(entry: FstabEntry): readonly string[] {
  const dependencies = [
    ['x-systemd.requires', ['After', 'Requires']],
    ['x-systemd.wants', ['After', 'Wants']],
    ['x-systemd.after', ['After']],
    ['x-systemd.before', ['Before']],
  ] as const;
  const mounts = entry.options
    .filter((option) => option.startsWith('x-systemd.requires-mounts-for='))
    .map((option) => `RequiresMountsFor=${option.slice(option.indexOf('=') + 1)}`);
  return [
    '[Unit]',
    'Documentation=man:fstab(5) man:systemd-fstab-generator(8)',
    'SourcePath=/etc/fstab',
    ...dependencies.flatMap(([option, keys]) =>
      extraDependencies(entry, option).flatMap((unit) => keys.map((key) => `${key}=${unit}`)),
    ),
    ...mounts,
  ];
}

/** Units that options such as `x-systemd.requires=` name: a unit, or a path whose mount or device is meant. */
function extraDependencies(entry: FstabEntry, option: string): readonly string[] {
  return entry.options
    .filter((each) => each.startsWith(`${option}=`))
    .flatMap((each) => {
      const value = each.slice(option.length + 1);
      if (!value.startsWith('/')) return [value];
      const name = escapePath(value);
      return name === undefined ? [] : [`${name}.${value.startsWith('/dev/') ? 'device' : 'mount'}`];
    });
}

function automountUnit(entry: FstabEntry, where: string, prefix: string, origin: Location): GeneratedUnit {
  const idle = findOption(entry.options, 'x-systemd.idle-timeout');
  const lines = [
    ...unitSection({ ...entry, options: [] }),
    '[Automount]',
    `Where=${escapeSpecifiers(where)}`,
    ...(idle === undefined ? [] : [`TimeoutIdleSec=${idle}`]),
    '',
  ];
  return { name: `${prefix}.automount`, text: lines.join('\n'), origin };
}

function generateSwap(entry: FstabEntry, origin: Location): Generated {
  const what = deviceNode(entry.device);
  const prefix = what.startsWith('/') ? escapePath(what) : undefined;
  if (prefix === undefined) return nothing;
  const name = `${prefix}.swap`;
  const options = entry.options.filter((option) => option !== 'noauto');
  const lines = [
    ...unitSection(entry),
    '[Swap]',
    `What=${escapeSpecifiers(what)}`,
    ...(options.length === 0 || options.join() === 'defaults'
      ? []
      : [`Options=${escapeSpecifiers(options.join(','))}`]),
    '',
  ];
  const kind = entry.options.includes('nofail') ? 'Wants' : 'Requires';
  const links = entry.options.includes('noauto') ? [] : [link('swap.target', kind, name, origin)];
  return { units: [{ name, text: lines.join('\n'), origin }], links, masks: [] };
}
