/** modules.dep.bin as depmod(8) would write it: a prefix tree from the names of modules to their lines. */
import { canonicalModuleName, moduleNameOfFile } from '../../../src/facts/kernel/module-name.ts';

/** The index of the lines of a modules.dep; of names that are no file's, the text before the colon. */
export function makeModuleIndex(text: string): Uint8Array {
  const lines = text.split('\n').filter((line) => line !== '');
  const names = lines.map((line): Name => {
    const [file = ''] = line.split(':');
    return [moduleNameOfFile(file) ?? canonicalModuleName(file), line];
  });
  const body = makeNode(names, 12);
  return Buffer.concat([numbers(0xb007f457, 0x20001, body.root), body.bytes]);
}

/** modules.dep and its index, as files of a directory. */
export function makeModuleLists(directory: string, text: string): Record<string, string | Uint8Array> {
  return { [`${directory}/modules.dep`]: text, [`${directory}/modules.dep.bin`]: makeModuleIndex(text) };
}

/** What is left of a name, and its line. */
type Name = readonly [rest: string, line: string];

/** The nodes below and the node itself, for a place in the file; `root` is where that one begins, with what it has. */
function makeNode(names: readonly Name[], start: number): { readonly bytes: Buffer; readonly root: number } {
  const parts: Buffer[] = [];
  let at = start;
  const children = new Map<number, number>();
  for (const first of new Set(names.flatMap(([rest]) => (rest === '' ? [] : [rest.charCodeAt(0)])))) {
    const below = names.filter(([rest]) => rest !== '' && rest.charCodeAt(0) === first);
    const node = makeNode(
      below.map(([rest, line]) => [rest.slice(1), line]),
      at,
    );
    children.set(first, node.root);
    parts.push(node.bytes);
    at += node.bytes.length;
  }
  const values = names.filter(([rest]) => rest === '').map(([, line]) => [numbers(0), Buffer.from(`${line}\0`)]);
  const keys = [...children.keys()].sort((a, b) => a - b);
  const [first = 0, last = 0] = [keys[0], keys.at(-1)];
  if (keys.length > 0) {
    const offsets = Array.from({ length: last - first + 1 }, (_, i) => children.get(first + i) ?? 0);
    parts.push(Buffer.of(first, last), numbers(...offsets));
  }
  if (values.length > 0) parts.push(numbers(values.length), ...values.flat());
  const has = (values.length > 0 ? 0x4000_0000 : 0) + (keys.length > 0 ? 0x2000_0000 : 0);
  return { bytes: Buffer.concat(parts), root: at + has };
}

function numbers(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [i, value] of values.entries()) bytes.writeUInt32BE(value, 4 * i);
  return bytes;
}
