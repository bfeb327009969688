import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { crc32 } from '../../src/bytes/checksums/crc32.ts';
import { MemorySource } from '../../src/bytes/memory-source.ts';
import {
  type BootGuardEnvironment,
  bootGuardFields,
  readBootGuardEnvironment,
} from '../../src/volumes/boot-guard/boot-guard-environment.ts';
import { createRandom } from './fixture.ts';
import { failure, readDisk } from './virtual-fixture.ts';

const read = (image: Uint8Array): BootGuardEnvironment =>
  readBootGuardEnvironment(new MemorySource(image, 'BGENV.DAT'));

function seal(image: Buffer): Buffer {
  image.writeUInt32LE(crc32(image.subarray(0, bootGuardFields.crc32.offset)), bootGuardFields.crc32.offset);
  return image;
}

it('reads what bg_printenv reads', () => {
  const printed = readFileSync(join(import.meta.dirname, '../fixtures/volumes-virtual/bgenv.txt'), 'utf8');
  const value = (name: string): string => new RegExp(`^${name}: +(.*)$`, 'm').exec(printed)?.[1] ?? '';
  const found = read(readDisk('BGENV.DAT'));
  expect(found.kernel).toBe(value('kernel'));
  expect(found.kernelArguments).toBe(value('kernelargs'));
  expect(found.isInProgress ? 'yes' : 'no').toBe(value('in_progress'));
  expect(String(found.revision)).toBe(value('revision'));
  expect(`${found.watchdogSeconds} seconds`).toBe(value('watchdog timeout'));
  expect(`2 (${found.updateState.toUpperCase()})`).toBe(value('ustate'));
  const variables = [...printed.matchAll(/^(\w+) = (.*)$/gm)].map(([, name, text]) => [name, text]);
  expect(variables.length).toBe(2);
  expect([...found.variables]).toEqual(variables);
});

it('says what is damaged', async () => {
  const image = readDisk('BGENV.DAT');
  expect(await failure(() => read(image.subarray(0, 132_103)))).toBe('truncated boot-guard/truncated');
  image[0] = 0x44;
  expect(await failure(() => read(image))).toBe('corrupt boot-guard/bad-checksum');
  expect(read(seal(image)).kernel).toBe('D:BOOT0:linux.efi');
});

it('reads any variables that are sealed', () => {
  const random = createRandom(3);
  const sizes = new Set<number>();
  for (let round = 0; round < 300; round++) {
    const image = readDisk('BGENV.DAT');
    for (let count = 0; count < 3; count++) image[1028 + random(64)] = random(256);
    sizes.add(read(seal(image)).variables.size);
  }
  expect(sizes.size).toBeGreaterThan(1);
});
