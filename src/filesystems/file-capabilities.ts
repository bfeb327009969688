/**
 * File capabilities as setcap(8) takes them and the kernel keeps them: names by number (linux/capability.h, Linux 6.12), the
 * text of cap_from_text(3), and the attribute `security.capability`, revision 2 (vfs_cap_data).
 */

/** `cap_chown` first: the index is the number. */
export const capabilityNames: readonly string[] = [
  ...['chown', 'dac_override', 'dac_read_search', 'fowner', 'fsetid', 'kill', 'setgid', 'setuid', 'setpcap'],
  ...['linux_immutable', 'net_bind_service', 'net_broadcast', 'net_admin', 'net_raw', 'ipc_lock', 'ipc_owner'],
  ...['sys_module', 'sys_rawio', 'sys_chroot', 'sys_ptrace', 'sys_pacct', 'sys_admin', 'sys_boot', 'sys_nice'],
  ...['sys_resource', 'sys_time', 'sys_tty_config', 'mknod', 'lease', 'audit_write', 'audit_control', 'setfcap'],
  ...['mac_override', 'mac_admin', 'syslog', 'wake_alarm', 'block_suspend', 'audit_read', 'perfmon', 'bpf'],
  'checkpoint_restore',
].map((name) => `cap_${name}`);

/** Sets of one capability, as bits of a number. */
const flagBits: Readonly<Record<string, number>> = { e: 1, p: 2, i: 4 };
const clausePattern = /^([a-z0-9_,]*)((?:[+\-=][eip]*)+)$/;
const REVISION_2 = 0x02000000;
const EFFECTIVE = 1;
const SIZE = 20;

/** The value of `security.capability` after `setcap TEXT`; undefined if the text is none that setcap would take. */
export function encodeFileCapabilities(text: string): Uint8Array | undefined {
  const flags = new Array<number>(capabilityNames.length).fill(0);
  for (const clause of text.toLowerCase().trim().split(/\s+/)) {
    const [, list = '', operations] = clausePattern.exec(clause) ?? [];
    const numbers = operations === undefined ? undefined : numbersOf(list, operations);
    if (!numbers || operations === undefined) return undefined;
    for (const [, sign, letters = ''] of operations.matchAll(/([+\-=])([eip]*)/g)) {
      const bits = [...letters].reduce((sum, letter) => sum | (flagBits[letter] ?? 0), 0);
      for (const number of numbers) {
        const before = flags[number] ?? 0;
        flags[number] = sign === '=' ? bits : sign === '+' ? before | bits : before & ~bits;
      }
    }
  }
  // The file has one effective bit: it holds for all of them or for none.
  const isMixed = flags.some((bits) => bits & 1) && flags.some((bits) => (bits & 6) !== 0 && !(bits & 1));
  return isMixed ? undefined : encode(flags);
}

/** `all`, or no name before `=`, is every capability. */
function numbersOf(list: string, operations: string): readonly number[] | undefined {
  if (list === 'all' || (list === '' && operations.startsWith('='))) return [...capabilityNames.keys()];
  const numbers = list.split(',').map((name) => capabilityNames.indexOf(name));
  return numbers.includes(-1) ? undefined : numbers;
}

function encode(flags: readonly number[]): Uint8Array {
  const words = Buffer.alloc(SIZE);
  const isEffective = flags.some((bits) => (bits & 1) !== 0);
  words.writeUInt32LE((REVISION_2 | (isEffective ? EFFECTIVE : 0)) >>> 0, 0);
  for (const [number, bits] of flags.entries()) {
    const at = 4 + (number >> 5) * 8;
    const bit = 1 << (number & 31);
    if (bits & 2) words.writeUInt32LE((words.readUInt32LE(at) | bit) >>> 0, at);
    if (bits & 4) words.writeUInt32LE((words.readUInt32LE(at + 4) | bit) >>> 0, at + 4);
  }
  return words;
}
