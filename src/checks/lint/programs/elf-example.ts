/**
 * The smallest ELF64 program (gABI chapters 4 and 5) that says for which machine it is, which loader it wants and which libraries. For
 * examples.
 */
const machines = { amd64: 62, arm64: 183, riscv64: 243, bpf: 247 } as const;

const HEADER = 64;
const SEGMENT = 56;
const DYNAMIC = 16;
const PT_LOAD = 1;
const PT_DYNAMIC = 2;
const PT_INTERP = 3;
const ET_EXEC = 2;
const ET_DYN = 3;
const DT_NEEDED = 1;
const DT_STRTAB = 5;
const DT_STRSZ = 10;

type Architecture = keyof typeof machines;

/** `loader` is the path in PT_INTERP; a static program has none. `needed` are names of libraries. */
export function elfExample(architecture: Architecture, loader?: string, needed: readonly string[] = []): Uint8Array {
  const count = (loader === undefined ? 0 : 1) + (needed.length === 0 ? 0 : 2);
  const dynamicAt = HEADER + count * SEGMENT;
  const dynamicSize = needed.length === 0 ? 0 : (needed.length + 3) * DYNAMIC;
  const strings = new TextEncoder().encode([loader, ...needed].map((text) => `${text ?? ''}\0`).join(''));
  const stringsAt = dynamicAt + dynamicSize;
  const bytes = new Uint8Array(stringsAt + (count === 0 ? 0 : strings.length));
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  if (count > 0) bytes.set(strings, stringsAt);
  const view = new DataView(bytes.buffer);
  const half = (offset: number, value: number): void => view.setUint16(offset, value, true);
  const long = (offset: number, value: number): void => view.setBigUint64(offset, BigInt(value), true);
  let at = HEADER;
  const segment = (type: number, offset: number, size: number): void => {
    view.setUint32(at, type, true);
    for (const [field, value] of [
      [8, offset],
      [16, offset],
      [32, size],
      [40, size],
    ] as const)
      long(at + field, value);
    at += SEGMENT;
  };
  half(16, ET_EXEC);
  half(18, machines[architecture]);
  view.setUint32(20, 1, true);
  long(32, HEADER);
  half(52, HEADER);
  half(54, SEGMENT);
  half(56, count);
  const loaderSize = new TextEncoder().encode(loader ?? '').length + 1;
  if (loader !== undefined) segment(PT_INTERP, stringsAt, loaderSize);
  if (needed.length === 0) return bytes;
  segment(PT_LOAD, 0, bytes.length);
  segment(PT_DYNAMIC, dynamicAt, dynamicSize);
  at = dynamicAt;
  const entry = (tag: number, value: number): void => {
    long(at, tag);
    long(at + 8, value);
    at += DYNAMIC;
  };
  let name = loaderSize;
  for (const one of needed) {
    entry(DT_NEEDED, name);
    name += new TextEncoder().encode(one).length + 1;
  }
  entry(DT_STRTAB, stringsAt);
  entry(DT_STRSZ, strings.length);
  return bytes;
}

/** A library, or a loader: what glibc's has compiled in is told by its strings. */
export function libraryExample(architecture: Architecture, strings = ''): Uint8Array {
  const program = elfExample(architecture);
  const text = new TextEncoder().encode(strings);
  const bytes = new Uint8Array(program.length + text.length);
  bytes.set(program);
  bytes.set(text, program.length);
  bytes[16] = ET_DYN;
  return bytes;
}
