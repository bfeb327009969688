/** What U-Boot knows when it runs a script: text, or text with a part that only the board knows. */

export interface Value {
  /** What is not known stands in it as `${name}`. */
  readonly text: string;
  /** The first variable that is not known. */
  readonly unknown?: string;
}

/** Set by the board's own environment, to values no image tells. */
const ofTheBoard = new Set([
  ...['fdtfile', 'fdt_file', 'fdt_name', 'board', 'board_name', 'board_rev', 'soc', 'vendor', 'cpu', 'arch', 'machine'],
  ...[
    'console',
    'stdout',
    'baudrate',
    'ethaddr',
    'eth1addr',
    'serial#',
    'serialno',
    'mmcdev',
    'boot_targets',
    'filesize',
  ],
]);

/** The value of a variable that no command has set, as standard boot starts a script: unset is empty. */
export function initialValue(name: string, partition: number | undefined, prefix: string): Value {
  if (name === 'distro_bootpart' || name === 'bootpart' || name === 'mmcpart') return { text: String(partition ?? 1) };
  if (name === 'devtype') return { text: 'mmc' };
  if (name === 'devnum') return { text: '0' };
  if (name === 'prefix') return { text: prefix };
  // Addresses only tell which file was loaded where: their own names do.
  if (/addr/i.test(name) && !ofTheBoard.has(name)) return { text: `\${${name}}` };
  return ofTheBoard.has(name) ? unknownValue(name) : { text: '' };
}

export function unknownValue(name: string): Value {
  return { text: `\${${name}}`, unknown: name };
}

export function joinValues(values: readonly Value[], separator: string): Value {
  const unknown = values.find((value) => value.unknown !== undefined)?.unknown;
  const text = values.map((value) => value.text).join(separator);
  return unknown === undefined ? { text } : { text, unknown };
}
