/** The type in the upper four bits of a mode, which every format of the Unix line stores as inode(7) has it. */
import type { NodeType } from './file-system.ts';

const types: Readonly<Record<number, NodeType>> = {
  1: 'fifo',
  2: 'character',
  4: 'directory',
  6: 'block',
  8: 'file',
  10: 'symlink',
  12: 'socket',
};

/** The type of a node by its whole mode; undefined if there is no such type. */
export function typeOfMode(mode: number): NodeType | undefined {
  return types[mode >>> 12];
}
