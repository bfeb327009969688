/** Trees as xorriso and genisoimage store them: the answers are those of xorriso, or of bsdtar. */
import { describe, expect, it } from 'vitest';
import { describeConformance } from '../conformance.ts';
import type { Expectation, ExpectedNode } from '../expectation.ts';
import { openBytes, readImage, readTree } from './images.ts';

/** Each name of a hard link is a file of its own here, as it is for Linux. */
function unlinked(tree: Expectation): Expectation {
  const rows = Object.entries(tree).map(([path, row]) => [
    path,
    'sameAs' in row ? (tree[row.sameAs] as ExpectedNode) : row,
  ]);
  return Object.fromEntries(rows);
}

/** Linux shows the names of the plain tree in lower case; bsdtar does not. */
function lowered(tree: Expectation): Expectation {
  return Object.fromEntries(Object.entries(tree).map(([path, row]) => [path.toLowerCase(), row]));
}

for (const name of ['xorriso', 'zisofs', 'many', 'joliet']) {
  describeConformance(`iso9660: ${name}`, () => openBytes(readImage(name)), unlinked(readTree(name)));
}
describeConformance(
  'iso9660: genisoimage',
  () => openBytes(readImage('genisoimage')),
  unlinked(readTree('genisoimage')),
);
describeConformance('iso9660: plain', () => openBytes(readImage('plain')), lowered(readTree('plain')));
describeConformance('iso9660: hybrid', () => openBytes(readImage('hybrid')), unlinked(readTree('hybrid')), {
  diagnostics: ['iso9660/boot-images'],
});

describe('the volume', () => {
  it('has a label and an id', () => {
    const fileSystem = openBytes(readImage('xorriso'));
    expect([fileSystem.volumeLabel, fileSystem.uuid]).toEqual(['A LABEL', '2023-11-14-22-13-20-00']);
  });

  it('names its boot images', () => {
    const { bootImages, volumeLabel } = openBytes(readImage('hybrid'));
    expect(volumeLabel).toBe('HYBRID');
    expect(bootImages.map(({ platform, isBootable, size }) => [platform, isBootable, size])).toEqual([
      ['bios', true, 2048],
      ['efi', true, 204_800],
    ]);
    const bytes = readImage('hybrid');
    const [bios, efi] = bootImages;
    expect(bytes[bios?.offset ?? 0]).toBe('b'.charCodeAt(0));
    expect([...bytes.subarray((efi?.offset ?? 0) + 510, (efi?.offset ?? 0) + 512)]).toEqual([0x55, 0xaa]);
  });
});
