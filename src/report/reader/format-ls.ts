/** A listing as `ls -l --time-style=long-iso` writes it, times in UTC, columns as wide as they must be. */
import type { NodeType, Timestamp } from '../../filesystems/file-system.ts';
import { escapeText } from '../escape.ts';
import { formatMode } from './format-mode.ts';
import { formatMinutes } from './format-time.ts';

export interface ListedFile {
  readonly name: string;
  readonly type: NodeType;
  /** Low 12 bits. */
  readonly mode: number;
  readonly links: number;
  readonly owner: string;
  readonly group: string;
  readonly size: number;
  readonly device?: { readonly major: number; readonly minor: number };
  readonly modified: Timestamp;
  /** Of a symlink. */
  readonly target?: string;
  /** Has an access control list: ls marks it with `+`. */
  readonly hasAcl: boolean;
  /** How sure it is that the machine will have it: a first column that ls does not know. */
  readonly standing?: string;
}

/** Whole lines; empty without files. */
export function formatLs(files: readonly ListedFile[]): string {
  const anyAcl = files.some(({ hasAcl }) => hasAcl);
  const rows = files.map((file) => {
    const { type, mode, links, owner, group, size, device, hasAcl } = file;
    const mark = anyAcl ? (hasAcl ? '+' : ' ') : '';
    const shownSize = device ? `${device.major}, ${device.minor}` : String(size);
    return [formatMode(type, mode) + mark, String(links), escapeText(owner), escapeText(group), shownSize];
  });
  const standings = files.map(({ standing }) => standing?.length ?? 0);
  const standingWidth = standings.reduce((most, width) => Math.max(most, width), 0);
  const widths = [0, 1, 2, 3, 4].map((column) =>
    rows.reduce((most, row) => Math.max(most, row[column]?.length ?? 0), 0),
  );
  const isNumber = (column: number): boolean => column === 1 || column === 4;
  return files
    .map((file, i) => {
      const cells = (rows[i] ?? []).map((cell, column) =>
        isNumber(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      );
      const target = file.target === undefined ? '' : ` -> ${escapeText(file.target)}`;
      const standing = file.standing === undefined ? '' : `${file.standing.padEnd(standingWidth)} `;
      return `${standing}${cells.join(' ')} ${formatMinutes(file.modified)} ${escapeText(file.name)}${target}\n`;
    })
    .join('');
}
