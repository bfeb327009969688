/** The room that is left, as dumpe2fs sees it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openBytes, readImage } from './images.ts';

const recorded = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../fixtures/ext/usage.json'), 'utf8'),
) as Readonly<Record<string, readonly [number, number, number, number, number]>>;

it.each(Object.entries(recorded))('%s', async (name, [blockSize, blocks, free, reserved, freeNodes]) => {
  const fileSystem = await openBytes(readImage(name));
  expect(fileSystem.usage?.()).toEqual({
    size: blocks * blockSize,
    available: (free - reserved) * blockSize,
    freeNodes,
  });
});
