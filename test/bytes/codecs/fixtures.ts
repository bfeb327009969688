/** The streams and blocks that test/fixtures/bytes/make.sh made with the formats' own tools, and what those say is in them. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const folder = resolve(import.meta.dirname, '../../fixtures/bytes');

export interface Content {
  readonly size: number;
  readonly sha256: string;
}

interface Expected {
  readonly content: Content;
  readonly streams: Readonly<Record<string, Content>>;
  readonly blocks: readonly string[];
}

export const expected = JSON.parse(readFileSync(`${folder}/expected.json`, 'utf8')) as Expected;

export const readFixture = (path: string): Uint8Array => new Uint8Array(readFileSync(`${folder}/${path}`));

export const describeContent = (bytes: Uint8Array): Content => ({
  size: bytes.length,
  sha256: createHash('sha256').update(bytes).digest('hex'),
});

/** A small generator of numbers below `limit`, the same in every run (Numerical Recipes' constants). */
export function seeded(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}
