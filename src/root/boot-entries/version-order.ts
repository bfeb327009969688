/**
 * Order of version strings as systemd-boot and the UAPI version format specification (UAPI.10) have it: `~` before
 * everything, then the end, `-`, `^`, `.`, then digits by number and letters by code, capitals first.
 */

/** Negative if `a` is older than `b`, 0 if equal, positive if newer. */
export function compareVersions(a: string, b: string): number {
  let i = 0;
  let j = 0;
  for (;;) {
    while (i < a.length && !isKnown(a.charAt(i))) i++;
    while (j < b.length && !isKnown(b.charAt(j))) j++;
    const x = a.charAt(i);
    const y = b.charAt(j);
    if (x === '~' || y === '~') {
      if (x !== y) return x === '~' ? -1 : 1;
      i++;
      j++;
      continue;
    }
    if (x === '' || y === '') return x === y ? 0 : x === '' ? -1 : 1;
    const separator = ['-', '^', '.'].find((each) => x === each || y === each);
    if (separator !== undefined) {
      if (x !== y) return x === separator ? -1 : 1;
      i++;
      j++;
      continue;
    }
    const isNumber = isDigit(x) || isDigit(y);
    const test = isNumber ? isDigit : isLetter;
    const m = runEnd(a, i, test);
    const n = runEnd(b, j, test);
    const order = isNumber ? compareDigits(a.slice(i, m), b.slice(j, n)) : compareLetters(a.slice(i, m), b.slice(j, n));
    if (order !== 0) return order;
    i = m;
    j = n;
  }
}

const isDigit = (c: string): boolean => c >= '0' && c <= '9' && c !== '';
const isLetter = (c: string): boolean => /^[a-zA-Z]$/.test(c);
const isKnown = (c: string): boolean => isDigit(c) || isLetter(c) || '~-^.'.includes(c);

function runEnd(text: string, start: number, test: (c: string) => boolean): number {
  let end = start;
  while (end < text.length && test(text.charAt(end))) end++;
  return end;
}

/** A number is newer than no number, whatever its value. */
function compareDigits(a: string, b: string): number {
  if (a === '' || b === '') return a.length - b.length;
  const x = a.replace(/^0+/, '');
  const y = b.replace(/^0+/, '');
  return x.length - y.length || compareLetters(x, y);
}

function compareLetters(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
