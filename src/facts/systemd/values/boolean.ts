/** Booleans of unit files (parse-util.c): case does not matter. */
const yes: ReadonlySet<string> = new Set(['1', 'yes', 'y', 'true', 't', 'on']);
const no: ReadonlySet<string> = new Set(['0', 'no', 'n', 'false', 'f', 'off']);

/** undefined if the text is no boolean. */
export function parseBoolean(text: string): boolean | undefined {
  const word = text.toLowerCase();
  return yes.has(word) ? true : no.has(word) ? false : undefined;
}

export function formatBoolean(value: boolean): string {
  return value ? 'yes' : 'no';
}
