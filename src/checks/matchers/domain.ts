/**
 * Equality in the sense of the thing compared: systemd's booleans, time spans, sizes and limits, file modes, sysctl
 * values. A text that is not of its domain equals nothing.
 */
import { parseBoolean } from '../../facts/systemd/values/boolean.ts';
import { parseResourceLimit } from '../../facts/systemd/values/resource-limit.ts';
import { parseSize } from '../../facts/systemd/values/size.ts';
import { infinity, parseTimeSpan } from '../../facts/systemd/values/time-span.ts';
import { parseMode } from './mode.ts';

/** Two texts are equal if their keys are; `rank` orders them where the domain has an order. */
export interface DomainValue {
  readonly key: string;
  readonly rank?: bigint;
}

export interface Domain {
  readonly id: string;
  readonly parse: (text: string) => DomainValue | undefined;
}

const ranked = (rank: bigint | undefined): DomainValue | undefined =>
  rank === undefined ? undefined : { key: rank.toString(), rank };

/** Bytes, or a plain count, base 1024. */
const sizeOf = (text: string): DomainValue | undefined =>
  ranked(text === 'infinity' ? infinity : parseSize(text, 1024));

function booleanOf(text: string): DomainValue | undefined {
  const value = parseBoolean(text);
  return value === undefined ? undefined : { key: String(value) };
}

/** `soft:hard`, or one value for both. `unlimited` is not a word of systemd's. */
function limitOf(text: string): DomainValue | undefined {
  const limit = parseResourceLimit(text, 'bytes');
  return limit && { key: `${limit.soft}:${limit.hard}`, rank: limit.soft };
}

/** A number, `infinity`, or a percentage of the system's limit, which equals no number. */
function tasksOf(text: string): DomainValue | undefined {
  return /^[0-9]{1,3}%$/.test(text) ? { key: text } : sizeOf(text);
}

function integerOf(text: string): DomainValue | undefined {
  return /^-?[0-9]{1,20}$/.test(text) ? ranked(BigInt(text)) : undefined;
}

/** Blank-separated words, as the kernel reads them; a single number also has an order. */
function wordsOf(text: string): DomainValue {
  const key = text
    .trim()
    .split(/[ \t]+/)
    .join(' ');
  return integerOf(key) ?? { key };
}

function modeOf(text: string): DomainValue | undefined {
  const mode = parseMode(text);
  return mode === undefined ? undefined : ranked(BigInt(mode));
}

/** Numbers of user and group: names are the image's own, and `root` equals no `0:0`. */
function ownerOf(text: string): DomainValue | undefined {
  return /^[0-9]{1,10}:[0-9]{1,10}$/.test(text) ? { key: text } : undefined;
}

export const domains = {
  text: { id: 'text', parse: (text) => ({ key: text }) },
  boolean: { id: 'boolean', parse: booleanOf },
  number: { id: 'number', parse: integerOf },
  'time span': { id: 'time span', parse: (text) => ranked(parseTimeSpan(text)) },
  size: { id: 'size', parse: sizeOf },
  limit: { id: 'limit', parse: limitOf },
  tasks: { id: 'task limit', parse: tasksOf },
  mode: { id: 'mode', parse: modeOf },
  owner: { id: 'pair of numbers such as 0:0', parse: ownerOf },
  words: { id: 'kernel value', parse: wordsOf },
} as const satisfies Record<string, Domain>;
