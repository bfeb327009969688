/** Kinds whose last valid assignment counts. What an empty assignment does differs: see each. load-fragment.c, conf-parser.c. */
import { parseBoolean } from '../values/boolean.ts';
import { simplifyPath } from '../values/exec-command.ts';
import { formatMode, parseIntegerWithin, parseMode } from '../values/integer.ts';
import { type LimitUnit, parseResourceLimit } from '../values/resource-limit.ts';
import { parseSignal } from '../values/signal.ts';
import { parseSize } from '../values/size.ts';
import { infinity, parseTimeSpan } from '../values/time-span.ts';
import { type DirectiveContext, ignore, type Kind, type Outcome, type SettingValue } from './directive.ts';

/** `refuse`: an empty assignment is a mistake. `reset`: it restores the default. */
type EmptyRule = 'refuse' | 'reset';

/** A kind from a parser that answers undefined for text it does not accept. */
export function scalar(
  what: string,
  empty: EmptyRule,
  parse: (text: string, context: DirectiveContext) => SettingValue | undefined,
): Kind {
  return {
    accumulates: false,
    apply(_current, text, context): Outcome {
      if (text === '' && empty === 'reset') return { effect: 'reset' };
      const value = parse(text, context);
      return value === undefined ? ignore(`Failed to parse ${what}, ignoring: ${text}`) : { effect: 'set', value };
    },
  };
}

export const boolean = scalar('boolean value', 'refuse', parseBoolean);
export const triState = scalar('boolean value', 'reset', parseBoolean);

const unsignedMax = 2n ** 32n - 1n;
export const unsigned = scalar('unsigned value', 'refuse', (text) => parseIntegerWithin(text, 0n, unsignedMax));
export const integer = scalar('int value', 'refuse', (text) => parseIntegerWithin(text, -(2n ** 31n), 2n ** 31n - 1n));
export const long = scalar('long value', 'refuse', (text) => parseIntegerWithin(text, -(2n ** 63n), 2n ** 63n - 1n));
export const binarySize = scalar('size value', 'refuse', (text) => parseSize(text, 1024));
export const mode = scalar('mode value', 'refuse', (text) => {
  const value = parseMode(text);
  return value === undefined ? undefined : formatMode(value);
});
export const signal = scalar('signal name', 'refuse', (text) => {
  const number = parseSignal(text);
  return number === undefined ? undefined : BigInt(number);
});

/** A number within bounds; an empty assignment restores the default. */
export function bounded(what: string, low: bigint, high: bigint): Kind {
  return scalar(what, 'reset', (text) => parseIntegerWithin(text, low, high));
}

export const seconds = scalar('time value', 'refuse', (text) => parseTimeSpan(text));
export const secondsDefaultInfinity = scalar('time value', 'reset', (text) => parseTimeSpan(text));
/** Zero means "no limit". */
export const secondsZeroInfinity = scalar('time value', 'refuse', (text) => {
  const span = parseTimeSpan(text);
  return span === 0n ? infinity : span;
});
export const nanoseconds = scalar('time value', 'refuse', (text) => {
  if (/^\+?[0-9]{1,20}$/.test(text)) return BigInt(text) < 2n ** 64n ? BigInt(text) : undefined;
  const match = /^([0-9]{1,18})\s*ns(?:ec)?$/.exec(text);
  if (match) return BigInt(match[1] ?? 0);
  const span = parseTimeSpan(text);
  return span === undefined ? undefined : span * 1000n;
});

/** One word of a fixed set; `synonyms` maps other spellings to those of the set. */
export function oneOf(
  what: string,
  words: string,
  options: { readonly empty?: EmptyRule; readonly booleans?: readonly [string, string] } = {},
): Kind {
  const set = new Set(words.split(' '));
  return scalar(what, options.empty ?? 'refuse', (text) => {
    if (set.has(text)) return text;
    const [no, yes] = options.booleans ?? [];
    const flag = no === undefined ? undefined : parseBoolean(text);
    return flag === undefined ? undefined : flag ? yes : no;
  });
}

/** Text as written, without specifiers. */
export const plainText = scalar('string', 'reset', (text) => text);
export const text = scalar('unit specifiers', 'reset', (value, { expand }) => expand(value));

export function resourceLimit(unit: LimitUnit): Kind {
  return scalar('resource value', 'refuse', (value) => parseResourceLimit(value, unit));
}

/** An absolute path; `fatal` if a relative one makes the unit unloadable. */
export function path(options: { readonly fatal?: boolean } = {}): Kind {
  return {
    accumulates: false,
    apply(_current, value, { expand }): Outcome {
      if (value === '') return { effect: 'reset' };
      const expanded = expand(value);
      if (expanded === undefined) return ignore(`Failed to resolve unit specifiers in '${value}', ignoring.`);
      if (isAbsolutePath(expanded)) return { effect: 'set', value: simplifyPath(expanded) };
      const message = `path is not absolute: ${expanded}`;
      return options.fatal ? { effect: 'fatal', message } : ignore(message);
    },
  };
}

/** Absolute and without `..`. */
export function isAbsolutePath(value: string): boolean {
  return value.startsWith('/') && value.length < 4096 && !value.split('/').includes('..');
}

/** A setting that older versions had and newer ones accept without effect. */
export const withoutEffect: Kind = { accumulates: false, apply: () => ({ effect: 'ignore' }) };
