/**
 * Variables in environment.d(5) values, as replace_env() of systemd expands them (src/basic/env-util.c): `$NAME`, `${NAME}`,
 * `${NAME:-default}`, `${NAME:+alternate}`, `$$`; an unknown variable is empty; anything else stays as written.
 */
import { ImageError } from '../../errors.ts';

export type LookupVariable = (name: string) => string | undefined;

/** Defaults inside defaults that are followed; systemd recurses without a limit. */
const maxDepth = 32;

/**
 * The value with its references replaced. `maxLength` bounds the result in characters, because references can double a value
 * with every line; over it, or nested too deep, the error is a `limit`.
 */
export function expandVariables(text: string, lookup: LookupVariable, maxLength: number, depth = 0): string {
  if (depth > maxDepth)
    throw new ImageError('limit', 'environment/nesting', `defaults are nested more than ${maxDepth} deep`);
  let result = '';
  /** Where the text that is not yet in the result starts. */
  let pending = 0;
  /** Braces still open: one that begins no reference stays counted, so that the next default needs one `}` more. */
  let braces = 0;
  const replace = (start: number, end: number, value: string): number => {
    result += text.slice(pending, start) + value;
    if (result.length > maxLength)
      throw new ImageError('limit', 'environment/too-long', `a value expands to more than ${maxLength} characters`);
    pending = end;
    return end;
  };
  let from = 0;
  for (;;) {
    const dollar = text.indexOf('$', from);
    const next = dollar < 0 ? undefined : text[dollar + 1];
    if (next === undefined) break;
    if (next === '$') {
      from = replace(dollar, dollar + 2, '$');
    } else if (next !== '{') {
      const end = skipName(text, dollar + 1);
      from = end === dollar + 1 ? dollar + 2 : replace(dollar, end, lookup(text.slice(dollar + 1, end)) ?? '');
    } else {
      braces += 1;
      const nameEnd = findFirst(text, ':}', dollar + 2);
      if (nameEnd < 0) break;
      const value = lookup(text.slice(dollar + 2, nameEnd));
      const operator = text[nameEnd + 1];
      if (text[nameEnd] === '}') {
        braces -= 1;
        from = replace(dollar, nameEnd + 1, value ?? '');
      } else if (operator !== '-' && operator !== '+') {
        from = nameEnd + 2;
      } else {
        const end = findClosing(text, nameEnd + 2, braces);
        if (end < 0) break;
        braces = 0;
        const word = (): string => expandVariables(text.slice(nameEnd + 2, end), lookup, maxLength, depth + 1);
        const useWord = (operator === '+') === (value !== undefined);
        from = replace(dollar, end + 1, useWord ? word() : (value ?? ''));
      }
    }
  }
  return result + text.slice(pending);
}

function skipName(text: string, start: number): number {
  let end = start;
  while (end < text.length && /[A-Za-z0-9_]/.test(text[end] as string)) end += 1;
  return end;
}

function findFirst(text: string, characters: string, from: number): number {
  for (let at = from; at < text.length; at++) if (characters.includes(text[at] as string)) return at;
  return -1;
}

/** Offset of the `}` that closes the last of `open` braces. */
function findClosing(text: string, from: number, open: number): number {
  let braces = open;
  for (let at = from; at < text.length; at++) {
    if (text[at] === '{') braces += 1;
    if (text[at] === '}') braces -= 1;
    if (braces === 0) return at;
  }
  return -1;
}
