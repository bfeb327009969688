/**
 * The kernel command line as words. Double quotes hold blanks and are dropped, as next_arg() of the kernel does it
 * (lib/cmdline.c); a parameter's name compares with `-` and `_` equal.
 */

export interface KernelParameter {
  /** As written. */
  readonly key: string;
  /** Undefined without `=`. */
  readonly value: string | undefined;
}

/** The parameters in order. What follows `--` belongs to init and is left out. */
export function parseCommandLine(text: string): readonly KernelParameter[] {
  const parameters: KernelParameter[] = [];
  for (const word of splitWords(text)) {
    if (word === '--') break;
    const equals = word.indexOf('=');
    parameters.push(
      equals < 0 ? { key: word, value: undefined } : { key: word.slice(0, equals), value: word.slice(equals + 1) },
    );
  }
  return parameters;
}

function splitWords(text: string): readonly string[] {
  const words: string[] = [];
  let word = '';
  let inWord = false;
  let quoted = false;
  for (const character of text) {
    if (character === '"') {
      quoted = !quoted;
      inWord = true;
    } else if (!quoted && /\s/.test(character)) {
      if (inWord) words.push(word);
      word = '';
      inWord = false;
    } else {
      word += character;
      inWord = true;
    }
  }
  if (inWord) words.push(word);
  return words;
}

/** Whether a parameter has that name; `-` and `_` are one. */
export function isParameter(parameter: KernelParameter, name: string): boolean {
  return parameter.key.replaceAll('-', '_') === name.replaceAll('-', '_');
}
