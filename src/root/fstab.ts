/**
 * /etc/fstab, as fstab(5) and getmntent(3) read it: fields split at blanks, `\040` escapes, a line that begins with `#` is
 * a comment. Options are kept as written. Lines with fewer than three fields are reported and left out.
 */
import { decodeBytes } from '../bytes/names.ts';

export interface FstabEntry {
  /** First field, unescaped: `UUID=...`, `/dev/sda1`, `tmpfs`. */
  readonly device: string;
  /** Mount point, or `none` for swap. */
  readonly path: string;
  readonly type: string;
  readonly options: readonly string[];
  /** From 1. */
  readonly line: number;
}

export interface Fstab {
  readonly entries: readonly FstabEntry[];
  /** Numbers of lines that are no entry and no comment. */
  readonly badLines: readonly number[];
}

/** Parses the whole text. Never fails. */
export function parseFstab(text: string): Fstab {
  const entries: FstabEntry[] = [];
  const badLines: number[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const content = raw.trim();
    if (content === '' || content.startsWith('#')) continue;
    const [device, path, type, options = 'defaults'] = content.split(/[ \t]+/).map(unescapeField);
    if (device === undefined || path === undefined || type === undefined) badLines.push(index + 1);
    else entries.push({ device, path, type, options: options.split(','), line: index + 1 });
  }
  return { entries, badLines };
}

/** The value of `name=value` among the options, the last one counting; undefined if there is none. */
export function findOption(options: readonly string[], name: string): string | undefined {
  return options.findLast((option) => option.startsWith(`${name}=`))?.slice(name.length + 1);
}

function unescapeField(field: string): string {
  if (!field.includes('\\')) return field;
  const parts = field.split(/((?:\\[0-3][0-7]{2})+)/);
  return parts
    .map((part, i) =>
      i % 2 === 1 ? decodeBytes(Uint8Array.from(part.slice(1).split('\\'), (code) => Number.parseInt(code, 8))) : part,
    )
    .join('');
}
