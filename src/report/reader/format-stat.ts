/** Everything known about one file, in the manner of stat(1), with what an image knows besides: where its bytes lie. */
import type { NodeType, Timestamp } from '../../filesystems/file-system.ts';
import type { Location } from '../../location.ts';
import { formatLocation } from '../../location.ts';
import { escapeText } from '../escape.ts';
import { formatMode } from './format-mode.ts';
import { formatNanoseconds } from './format-time.ts';

export interface FileStatus {
  /** As asked for. */
  readonly path: string;
  readonly type: NodeType;
  /** Low 12 bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Names in the image's own passwd and group, if they have one. */
  readonly owner?: string;
  readonly group?: string;
  readonly size: number;
  readonly links: number;
  readonly node: number;
  readonly device?: { readonly major: number; readonly minor: number };
  readonly accessed?: Timestamp;
  readonly modified: Timestamp;
  readonly changed?: Timestamp;
  readonly born?: Timestamp;
  readonly target?: string;
  /** Links followed on the way, `/bin -> usr/bin`. */
  readonly followed: readonly { readonly path: string; readonly target: string }[];
  readonly location: Location;
  /** Of its inode or header, in bytes of the file system. */
  readonly offset?: number;
  readonly standing: string;
  readonly capabilities?: string;
  /** Extended attributes, values in hex. */
  readonly attributes: readonly { readonly name: string; readonly hex: string }[];
  readonly attributesUnknown: boolean;
  /** There is an access control list besides, which names users or groups without their numbers. */
  readonly hasUnreadList?: boolean;
}

const typeNames: Readonly<Record<NodeType, string>> = {
  file: 'regular file',
  directory: 'directory',
  symlink: 'symbolic link',
  character: 'character special file',
  block: 'block special file',
  fifo: 'fifo',
  socket: 'socket',
};

/** Whole lines. */
export function formatStat(status: FileStatus): string {
  const { path, type, mode, uid, gid, size, links, node, device, target } = status;
  const kind = type === 'file' && size === 0 ? 'regular empty file' : typeNames[type];
  const rows: [name: string, text: string | undefined][] = [
    ['File', target === undefined ? path : `${path} -> ${target}`],
    ['Size', `${size}  ${kind}`],
    ['Device type', device && `${device.major},${device.minor}`],
    ['Inode', `${node}  Links: ${links}`],
    ['Access', `${mode.toString(8).padStart(4, '0')} ${formatMode(type, mode)}`],
    ['Owner', `${nameOf(uid, status.owner)}:${nameOf(gid, status.group)}`],
    ['Accessed', status.accessed && formatNanoseconds(status.accessed)],
    ['Modified', formatNanoseconds(status.modified)],
    ['Changed', status.changed && formatNanoseconds(status.changed)],
    ['Born', status.born && formatNanoseconds(status.born)],
    ['Capabilities', status.capabilities],
    ...status.attributes.map(({ name, hex }): [string, string] => ['Attribute', `${name}=0x${hex}`]),
    ['Attributes', status.attributesUnknown ? 'not readable in this image' : undefined],
    ['Attributes', status.hasUnreadList ? 'and an access control list of names without numbers' : undefined],
    ...status.followed.map((link): [string, string] => ['Through', `${link.path} -> ${link.target}`]),
    ['Lies at', formatLocation(status.location)],
    [
      'Recorded at',
      status.offset === undefined ? undefined : `${status.location.source}@0x${status.offset.toString(16)}`,
    ],
    ['Standing', status.standing],
  ];
  return rows
    .flatMap(([name, text]) => (text === undefined ? [] : [`${`${name}:`.padEnd(14)}${escapeText(text)}\n`]))
    .join('');
}

function nameOf(id: number, name: string | undefined): string {
  return name === undefined ? String(id) : `${id}(${name})`;
}
