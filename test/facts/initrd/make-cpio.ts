/** A newc archive of empty files (cpio(5)), directories included. */
export function makeCpio(paths: readonly string[]): string {
  const folders = new Set<string>();
  for (const path of paths)
    for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) folders.add(path.slice(0, at));
  const members = [
    ...[...folders].map((name) => member(name, 0o040755)),
    ...paths.map((name) => member(name, 0o100644)),
    member('TRAILER!!!', 0),
  ];
  return members.join('');
}

function member(name: string, mode: number): string {
  const hex = (value: number): string => value.toString(16).padStart(8, '0');
  // Inode, mode, owner, group, links, time, size, four numbers of devices, length of the name, checksum.
  const fields = [1, mode, 0, 0, 1, 0, 0, 0, 0, 0, 0, name.length + 1, 0].map(hex).join('');
  const header = `070701${fields}${name}\0`;
  return header.padEnd(Math.ceil(header.length / 4) * 4, '\0');
}
