/**
 * What was written since the last commit (kernel, fs/ubifs/replay.c): the log names LEBs ("buds") whose nodes are newer than the
 * index. They are put in order by their sequence numbers and laid over it.
 */
import { Struct, u32le, u64le } from '../../bytes/struct.ts';
import type { UbifsImage } from './image.ts';
import type { Master } from './master.ts';
import { NODE, type UbifsNode } from './node.ts';
import { scanLeb } from './scan-leb.ts';
import { FIRST_LOG_LEB, type Superblock } from './superblock.ts';

export const COMMIT_START = { cmt_no: u64le(24) } as const;
export const REFERENCE = { lnum: u32le(24), offs: u32le(28) } as const;
const REFERENCE_SIZE = 64;

/** Kinds of nodes that change files. */
const CHANGES: ReadonlySet<number> = new Set([NODE.inode, NODE.data, NODE.entry, NODE.xattrEntry, NODE.truncation]);

/** The changes in the order they were made. Throws `corrupt`; torn ends are noted. */
export function readJournal(image: UbifsImage, superblock: Superblock, master: Master): readonly UbifsNode[] {
  const changes: UbifsNode[] = [];
  for (const { leb, offset } of findBuds(image, superblock, master)) {
    if (leb < superblock.mainFirst || leb >= superblock.lebCount) {
      throw image.corrupt('bad-log', `the log names LEB ${leb}, which is none of the main area`);
    }
    const { nodes, end, rest } = scanLeb(image, leb, offset, superblock.minIoSize);
    if (rest === 'damaged') {
      image.note('damage', 'bad-journal', 'changes of the journal behind damaged ones are not seen', {
        leb,
        offset: end,
      });
    } else if (rest === 'torn') {
      image.note('note', 'torn-write', 'the last write was cut off and is dropped, as at a mount', {
        leb,
        offset: end,
      });
    }
    for (const node of nodes) if (CHANGES.has(node.type)) changes.push(node);
  }
  return changes.sort((a, b) => a.sequence - b.sequence);
}

/** Where the buds begin: by the references of the log from the start of the current commit on. */
function findBuds(
  image: UbifsImage,
  { logLebs, minIoSize }: Superblock,
  master: Master,
): { leb: number; offset: number }[] {
  const buds = new Map<number, number>();
  let since = -1;
  for (let i = 0; i < logLebs; i++) {
    const leb = FIRST_LOG_LEB + ((master.logLeb - FIRST_LOG_LEB + i) % logLebs);
    const { nodes } = scanLeb(image, leb, 0, minIoSize);
    const [first] = nodes;
    if (i === 0) {
      if (first?.type !== NODE.commitStart || new Struct(first.bytes).get(COMMIT_START.cmt_no) !== master.commit) {
        throw image.corrupt('bad-log', 'the log does not begin with the commit of the master node', { leb, offset: 0 });
      }
      since = first.sequence;
    } else if (!first || first.sequence < since) break;
    for (const node of nodes) {
      if (node.type !== NODE.reference || node.bytes.length < REFERENCE_SIZE || node.sequence < since) continue;
      const s = new Struct(node.bytes);
      const bud = s.get(REFERENCE.lnum);
      if (!buds.has(bud)) buds.set(bud, s.get(REFERENCE.offs));
    }
  }
  return [...buds].map(([leb, offset]) => ({ leb, offset }));
}
