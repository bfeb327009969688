/**
 * Lines as systemd's read_line() sees them (fileio.c): a line ends at `\n`, `\r` or NUL, where different ones that follow
 * each other (`\r\n`, `\n\r`) are one end. A line over 1 MiB makes the rest of the file unreadable to systemd.
 */

export interface TextLine {
  readonly text: string;
  /** From 1. */
  readonly number: number;
}

/** systemd's LONG_LINE_MAX. */
export const maxLineLength = 1024 * 1024;

/** The lines of a text, without their ends. */
export function splitLines(text: string): readonly TextLine[] {
  const plain = !text.includes('\r') && !text.includes('\0');
  const texts = plain ? text.split('\n') : splitMixed(text);
  if (texts[texts.length - 1] === '') texts.pop();
  return texts.map((line, index) => ({ text: line, number: index + 1 }));
}

function splitMixed(text: string): string[] {
  const lines: string[] = [];
  let start = 0;
  let at = 0;
  while (at < text.length) {
    if (!isLineEnd(text[at])) {
      at += 1;
      continue;
    }
    lines.push(text.slice(start, at));
    at = skipLineEnd(text, at);
    start = at;
  }
  lines.push(text.slice(start));
  return lines;
}

/** Past one line end: each of the three characters at most once, NUL always last. */
function skipLineEnd(text: string, from: number): number {
  let at = from;
  const seen = new Set<string>();
  while (at < text.length) {
    const character = text[at] as string;
    if (!isLineEnd(character) || seen.has(character)) break;
    seen.add(character);
    at += 1;
    if (character === '\0') break;
  }
  return at;
}

function isLineEnd(character: string | undefined): boolean {
  return character === '\n' || character === '\r' || character === '\0';
}

/** strstrip() of systemd: blanks, tabs and line ends on both sides; not the wider set of `String.trim`. */
export function stripBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start += 1;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d;
}
