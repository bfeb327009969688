/** A PE32+ EFI application with these sections, as small as the headers allow. */
export function makePe(machine: number, sections: Readonly<Record<string, string>>): Buffer {
  const start = 64;
  const optionalBytes = 112;
  const names = Object.keys(sections);
  const table = start + 24 + optionalBytes;
  const contents = names.map((name) => Buffer.from(sections[name] ?? '', 'latin1'));
  const head = Buffer.alloc(table + names.length * 40);
  head.write('MZ');
  head.writeUInt32LE(start, 60);
  head.write('PE\0\0', start);
  head.writeUInt16LE(machine, start + 4);
  head.writeUInt16LE(names.length, start + 6);
  head.writeUInt16LE(optionalBytes, start + 20);
  head.writeUInt16LE(0x20b, start + 24);
  head.writeUInt16LE(10, start + 24 + 68);
  let offset = head.length;
  for (const [index, name] of names.entries()) {
    const row = table + index * 40;
    const size = contents[index]?.length ?? 0;
    head.write(name, row, 8, 'latin1');
    head.writeUInt32LE(size, row + 8);
    head.writeUInt32LE(size, row + 16);
    head.writeUInt32LE(offset, row + 20);
    offset += size;
  }
  return Buffer.concat([head, ...contents]);
}
