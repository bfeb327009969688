/** A newc archive (cpio(5)), directories included: empty files, or files with a content, which are programs. */
export function makeCpio(paths: readonly string[], programs: Readonly<Record<string, string>> = {}): string {
  const folders = new Set<string>();
  for (const path of [...paths, ...Object.keys(programs)])
    for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) folders.add(path.slice(0, at));
  const members = [
    ...[...folders].map((name) => member(name, 0o040755)),
    ...paths.map((name) => member(name, 0o100644)),
    ...Object.entries(programs).map(([name, text]) => member(name, 0o100755, text)),
    member('TRAILER!!!', 0),
  ];
  return members.join('');
}

function member(name: string, mode: number, content = ''): string {
  const hex = (value: number): string => value.toString(16).padStart(8, '0');
  const padded = (text: string): string => text.padEnd(Math.ceil(text.length / 4) * 4, '\0');
  // Inode, mode, owner, group, links, time, size, four numbers of devices, length of the name, checksum.
  const fields = [1, mode, 0, 0, 1, 0, content.length, 0, 0, 0, 0, name.length + 1, 0].map(hex).join('');
  return padded(`070701${fields}${name}\0`) + padded(content);
}
