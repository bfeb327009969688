/** The recorded answers of the real programs (systemd.json), and the trees they were asked about. */
import { readFileSync } from 'node:fs';
import { MemoryFileSystem, type MemoryNode, type MemoryTree } from '../../src/filesystems/memory.ts';
import { defaultLimits } from '../../src/limits.ts';
import { RootView } from '../../src/root/root-view.ts';

export interface CaseFile {
  readonly link?: string;
  readonly hex?: string;
  readonly dir?: boolean;
  /** Text before, repeated text, count, text after. */
  readonly repeat?: readonly [string, string, number, string];
}

export interface RecordedCase {
  readonly id: string;
  readonly files: Readonly<Record<string, string | CaseFile>>;
  readonly question: Readonly<Record<string, unknown>> & { readonly kind: string };
  readonly expected: unknown;
  readonly oracle: string;
}

const path = new URL('systemd.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(path, 'utf8')) as { cases: readonly RecordedCase[] };

export function casesOfKind(kind: string): readonly RecordedCase[] {
  return cases.filter(({ question }) => question.kind === kind);
}

/** The tree of a case over `base`. */
export function viewOf({ files }: RecordedCase, base: MemoryTree = {}): RootView {
  const tree: Record<string, string | MemoryNode> = {};
  for (const [name, content] of Object.entries(files))
    tree[name] = typeof content === 'string' ? content : nodeOf(content);
  return new RootView([{ path: '/', fileSystem: new MemoryFileSystem({ ...base, ...tree }) }], defaultLimits);
}

function nodeOf({ link, hex, dir, repeat }: CaseFile): MemoryNode {
  if (link !== undefined) return { link };
  if (hex !== undefined) return { bytes: Buffer.from(hex, 'hex') };
  if (repeat !== undefined) return { text: repeat[0] + repeat[1].repeat(repeat[2]) + repeat[3] };
  return { directory: dir === true };
}
