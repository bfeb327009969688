import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { MemorySource } from '../../../../src/bytes/memory-source.ts';
import { ImageError } from '../../../../src/errors.ts';
import { defaultLimits } from '../../../../src/limits.ts';
import { readScriptImage } from '../../../../src/root/boot-entries/u-boot/script-image.ts';
import { createRandom } from '../../../volumes/fixture.ts';
import { makeScript } from './make-script.ts';

const folder = join(import.meta.dirname, '../../../fixtures/boot-entries');
const read = (bytes: Uint8Array): string => readScriptImage(new MemorySource(bytes, 'boot.scr'), defaultLimits);

it('reads what dumpimage reads', () => {
  expect(read(readFileSync(`${folder}/boot.scr`))).toBe(readFileSync(`${folder}/boot.scr.txt`, 'utf8'));
});

it.each([
  ['a text without a header', Buffer.from('booti'.repeat(20)), /no header of mkimage/],
  ['a file shorter than its header', Buffer.alloc(10), /10 bytes/],
  ['a cut script', makeScript('echo hello').subarray(0, 70), /cut off/],
  ['changed text', Buffer.concat([makeScript('echo a').subarray(0, -1), Buffer.from('b')]), /its checksum/],
  ['a changed header', Object.assign(makeScript('echo'), { 40: 1 }), /checksum of its header/],
  ['a kernel', Object.assign(makeScript('echo'), { 30: 2 }), /another type/],
])('refuses %s', (_what, bytes, message) => {
  expect(() => read(bytes)).toThrow(message);
});

it('takes any damage for damage', () => {
  const random = createRandom(5);
  for (let round = 0; round < 500; round++) {
    const bytes = makeScript('setenv bootargs root=/dev/mmcblk0p2\nbooti 1 2 3\n');
    bytes[random(bytes.length)] = random(256);
    try {
      read(bytes.subarray(0, random(3) === 0 ? random(bytes.length) : bytes.length));
    } catch (error) {
      expect(error).toBeInstanceOf(ImageError);
    }
  }
});
