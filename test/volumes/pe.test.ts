import { describe, expect, it } from 'vitest';
import { MemorySource } from '../../src/bytes/memory-source.ts';
import { patchField } from '../../src/bytes/struct.ts';
import { pe } from '../../src/volumes/pe/pe.ts';
import { coffHeader, dosHeader, openPe, type PeFile } from '../../src/volumes/pe/pe-file.ts';
import { failure, fuzz, open, readAll, readDisk, readJson, sha256 } from './virtual-fixture.ts';

interface Recorded {
  readonly sections: readonly { name: string; size: number; offset: number; sha256: string }[];
  readonly signatures: number;
}

const recorded = readJson<Recorded>('uki.json');
const uki = readDisk('uki.efi');
const START = uki.readUInt32LE(dosHeader.e_lfanew.offset);
const SECTIONS = START + 24 + uki.readUInt16LE(START + coffHeader.SizeOfOptionalHeader.offset);

const read = (image: Uint8Array): PeFile => openPe(new MemorySource(image, 'linux.efi'));

describe('a unified kernel image', () => {
  it('has the sections that objdump and objcopy read', () => {
    const { sections, architecture, subsystem, signature } = read(uki);
    expect(
      sections.map(({ name, offset, content }) => ({
        ...{ name, size: content.size, offset },
        sha256: sha256(readAll(content)),
      })),
    ).toEqual(recorded.sections);
    expect(sections.map(({ content }) => content.label)).toContain('linux.efi!.cmdline');
    expect({ architecture, subsystem }).toEqual({ architecture: 'amd64', subsystem: 'efi-application' });
    expect(signature === undefined ? 0 : 1).toBe(recorded.signatures);
  });

  it('is a table of volumes, of which the initrd alone is searched', async () => {
    const { volumes } = await open(pe, uki);
    expect(volumes.filter(({ holdsImage }) => holdsImage !== false).map(({ name }) => name)).toEqual(['.initrd']);
    const cmdline = volumes.find(({ name }) => name === '.cmdline');
    expect(Buffer.from(cmdline?.source.read(0, cmdline.source.size) ?? []).toString()).toBe(
      'root=PARTLABEL=platform ro quiet\n',
    );
  });

  it('may have a section twice', () => {
    const image = readDisk('uki.efi');
    image.write('.linux\0\0', SECTIONS, 'latin1');
    const names = read(image).sections.map(({ name }) => name);
    expect([names[0], names[8]]).toEqual(['.linux', '.linux#2']);
  });
});

it.each([
  [0x14c, 'i386'],
  [0xaa64, 'arm64'],
  [0x1c2, 'armhf'],
  [0x5064, 'riscv64'],
  [0x1234, 'unknown'],
])('machine 0x%s', (machine, name) => {
  const image = readDisk('uki.efi');
  patchField(image, START, coffHeader.Machine, machine);
  expect(read(image).architecture).toBe(name);
});

describe('damage', () => {
  it('keeps the sections that are there', async () => {
    const { offset } = recorded.sections.find(({ name }) => name === '.initrd') ?? { offset: 0 };
    const image = readDisk('uki.efi');
    // Without its signature, which is the last of the file.
    const directories = START + 24 + 112;
    image.fill(0, directories + 32, directories + 40);
    const { sections } = read(image.subarray(0, offset + 100));
    const outcomes = await Promise.all(
      sections.map(async ({ name, content }) => `${name} ${await failure(() => readAll(content))}`),
    );
    expect(outcomes).toContain('.linux none');
    expect(outcomes).toContain('.initrd truncated pe/truncated');
    expect(outcomes).toContain('.cmdline truncated pe/truncated');
  });

  it.each([
    ['no header', 0, dosHeader.e_lfanew, 4096, 'corrupt pe/bad-header'],
    ['headers past the end', START, coffHeader.NumberOfSections, 65_535, 'truncated bytes/truncated'],
  ] as const)('%s', async (_, base, field, value, code) => {
    const image = readDisk('uki.efi');
    patchField(image, base, field, value);
    expect(await failure(() => read(image))).toBe(code);
  });

  it('a signature past the end', async () => {
    expect(await failure(() => read(uki.subarray(0, uki.length - 100)))).toBe('truncated pe/truncated');
  });

  it('ends in sections or an ImageError', async () => {
    const outcomes = await fuzz(
      pe,
      uki,
      [
        [0, 64],
        [START, SECTIONS],
        [SECTIONS, SECTIONS + 560],
      ],
      300,
    );
    expect(outcomes).toContain('none');
    expect(outcomes.size).toBeGreaterThan(1);
  });
});

it.each([0, 2, 63, 64, 100])('%i bytes are no PE file', (size) => {
  const bytes = Buffer.alloc(size);
  bytes.write('MZ', 'latin1');
  expect(pe.detect(new MemorySource(bytes, 'x'))).toBe(false);
});
