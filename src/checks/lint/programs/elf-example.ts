/** The smallest ELF64 program (gABI chapters 4 and 5) that says for which machine it is and which loader it wants. For examples. */
const machines = { amd64: 62, arm64: 183, riscv64: 243 } as const;

const HEADER = 64;
const SEGMENT = 56;
const PT_INTERP = 3;
const ET_EXEC = 2;

/** `loader` is the path in PT_INTERP; a static program has none. */
export function elfExample(architecture: keyof typeof machines, loader?: string): Uint8Array {
  const name = loader === undefined ? new Uint8Array(0) : new TextEncoder().encode(`${loader}\0`);
  const bytes = new Uint8Array(HEADER + SEGMENT + name.length);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  bytes.set(name, HEADER + SEGMENT);
  const view = new DataView(bytes.buffer);
  const half = (offset: number, value: number): void => view.setUint16(offset, value, true);
  const long = (offset: number, value: number): void => view.setBigUint64(offset, BigInt(value), true);
  half(16, ET_EXEC);
  half(18, machines[architecture]);
  view.setUint32(20, 1, true);
  long(32, HEADER);
  half(52, HEADER);
  half(54, SEGMENT);
  half(56, loader === undefined ? 0 : 1);
  view.setUint32(HEADER, PT_INTERP, true);
  long(HEADER + 8, HEADER + SEGMENT);
  long(HEADER + 32, name.length);
  long(HEADER + 40, name.length);
  return bytes;
}
