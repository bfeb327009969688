/** GUIDs as EFI stores them (UEFI specification 2.10, appendix A): the first three groups little-endian. */

const order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15] as const;

/** 16 bytes as lower-case text, `0fc63daf-8483-4772-8e79-3d69d8477de4`. */
export function formatGuid(bytes: Uint8Array): string {
  const hex = order.map((index) => (bytes[index] ?? 0).toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
