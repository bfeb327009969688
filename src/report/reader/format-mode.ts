/** A file's type and permissions as ls(1) writes them: `drwxr-xr-x`, `-rwsr-xr-x`, `lrwxrwxrwx`. */
import type { NodeType } from '../../filesystems/file-system.ts';

const letters: Readonly<Record<NodeType, string>> = {
  file: '-',
  directory: 'd',
  symlink: 'l',
  character: 'c',
  block: 'b',
  fifo: 'p',
  socket: 's',
};

/** `mode` is the low 12 bits. */
export function formatMode(type: NodeType, mode: number): string {
  const special = [
    { bit: 0o4000, letter: 's' },
    { bit: 0o2000, letter: 's' },
    { bit: 0o1000, letter: 't' },
  ];
  const triples = special.map(({ bit, letter }, i) => {
    const bits = (mode >> (6 - i * 3)) & 7;
    const execute = (bits & 1) !== 0;
    const last = (mode & bit) === 0 ? (execute ? 'x' : '-') : execute ? letter : letter.toUpperCase();
    return `${bits & 4 ? 'r' : '-'}${bits & 2 ? 'w' : '-'}${last}`;
  });
  return letters[type] + triples.join('');
}
