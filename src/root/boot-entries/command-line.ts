/**
 * The kernel command line: parameters split at blanks, double quotes keep blanks together and are removed, as in the
 * kernel's next_arg(). `-` and `_` in names are the same to the kernel for module parameters only, so names stay as written.
 */
export interface KernelParameter {
  readonly name: string;
  /** Absent for a parameter without `=`. */
  readonly value?: string;
}

/** Parses one command line. What follows `--` belongs to init and is left out. */
export function parseCommandLine(text: string): KernelParameter[] {
  const parameters: KernelParameter[] = [];
  for (const word of splitWords(text)) {
    if (word === '--') break;
    const equals = word.indexOf('=');
    parameters.push(equals < 0 ? { name: word } : { name: word.slice(0, equals), value: word.slice(equals + 1) });
  }
  return parameters;
}

/** The value that counts: the last one given. Undefined if the parameter is not there or has no value. */
export function findParameter(text: string, name: string): string | undefined {
  return parseCommandLine(text).findLast((parameter) => parameter.name === name)?.value;
}

function splitWords(text: string): string[] {
  const words: string[] = [];
  // Odd pieces lay between quotes.
  for (const [i, piece] of text.split('"').entries()) {
    const parts = i % 2 === 1 ? [piece] : piece.split(/\s/);
    const first = parts.shift() ?? '';
    if (i === 0) words.push(first);
    else words[words.length - 1] += first;
    for (const part of parts) words.push(part);
  }
  return words.filter((word) => word !== '');
}
