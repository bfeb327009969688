import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { MemorySource } from '../../../src/bytes/memory-source.ts';
import type { FileSystem } from '../../../src/filesystems/file-system.ts';
import { MemoryFileSystem, type MemoryTree } from '../../../src/filesystems/memory.ts';
import { isOciLayout, oci, openOciLayout } from '../../../src/filesystems/oci/oci.ts';
import {
  endOfArchive,
  formatMember,
  type MemberStatus,
  paddingOf,
} from '../../../src/filesystems/tar/format-member.ts';
import { TarFileSystem } from '../../../src/filesystems/tar/tar-file-system.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { describeConformance, walk } from '../conformance.ts';
import { readExpectation } from '../expectation.ts';
import { createRandom, outcomeOf, readEverything } from '../fuzz.ts';

const folder = join(import.meta.dirname, '../../fixtures/oci');
const readImage = (name: string): Buffer => gunzipSync(readFileSync(join(folder, `${name}.gz`)));
const source = (bytes: Uint8Array): MemorySource => new MemorySource(bytes, 'image');
const limits = defaultLimits;
const openArchive = async (bytes: Uint8Array): Promise<FileSystem> => oci.open(source(bytes), { limits });

const shapes = ['gzip.oci-archive', 'zstd.oci-archive', 'plain.docker-archive'];
const expected = readExpectation(join(folder, 'layers.json.gz'));

describe.each(shapes)('%s', (name) => {
  it('is told from a tar archive of a root', () => expect(oci.detect(source(readImage(name)))).toBe(true));
});
for (const name of shapes)
  describeConformance(`${name}, as umoci unpacks it`, () => openArchive(readImage(name)), expected);
describeConformance(
  'a layout in a folder, as umoci unpacks it',
  () => openOciLayout(new TarFileSystem(source(readImage('gzip.oci-archive')), limits), { limits }),
  expected,
);

type Entry = Partial<MemberStatus> & { readonly text?: string };

function layer(entries: Readonly<Record<string, Entry | string>>): Buffer {
  const parts = Object.entries(entries).flatMap(([path, entry]) => {
    const { text = '', ...status } = typeof entry === 'string' ? { text: entry } : entry;
    const size = Buffer.byteLength(text);
    const mtime = { seconds: 0, nanoseconds: 0 };
    return [
      formatMember({ path, type: 'file', mode: 0o644, uid: 0, gid: 0, mtime, ...status, size }),
      Buffer.from(text),
      new Uint8Array(paddingOf(size)),
    ];
  });
  return Buffer.concat([...parts, endOfArchive]);
}

/** Puts blobs in a layout and names them by their digests. */
class Layout {
  readonly tree: Record<string, Uint8Array | string> = { '/oci-layout': '{"imageLayoutVersion":"1.0.0"}' };

  add(content: Uint8Array | string | object, mediaType = 'application/vnd.oci.image.layer.v1.tar'): Descriptor {
    const isBytes = typeof content === 'string' || content instanceof Uint8Array;
    const bytes = Buffer.from(isBytes ? content : JSON.stringify(content));
    const hex = createHash('sha256').update(bytes).digest('hex');
    this.tree[`/blobs/sha256/${hex}`] = bytes;
    return { mediaType, digest: `sha256:${hex}`, size: bytes.length };
  }

  image(architecture: string, layers: readonly object[], platform: object | undefined = undefined): Descriptor {
    const config = this.add({ os: 'linux', architecture }, 'application/vnd.oci.image.config.v1+json');
    const manifest = this.add({ schemaVersion: 2, config, layers }, 'application/vnd.oci.image.manifest.v1+json');
    return platform ? { ...manifest, platform } : manifest;
  }

  index(...manifests: readonly object[]): this {
    this.tree['/index.json'] = JSON.stringify({ schemaVersion: 2, manifests });
    return this;
  }

  open(platform?: string): Promise<FileSystem> {
    const container = new MemoryFileSystem(this.tree as MemoryTree, 'image');
    return openOciLayout(container, { limits, ...(platform === undefined ? {} : { platform }) });
  }
}

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly platform?: object;
}

function ofLayers(...layers: readonly Uint8Array[]): Promise<FileSystem> {
  const layout = new Layout();
  return layout
    .index(
      layout.image(
        'amd64',
        layers.map((each) => layout.add(each)),
      ),
    )
    .open();
}

const pathsOf = (fileSystem: FileSystem): string[] => [...walk(fileSystem).keys()].sort();

function textAt(fileSystem: FileSystem, path: string): string {
  const content = fileSystem.open(walk(fileSystem).get(path) as number);
  return Buffer.from(content.read(0, content.size)).toString();
}

describe('layers', () => {
  it('need no end marker: their digests say that they are complete', async () => {
    const whole = layer({ a: '1' });
    const fileSystem = await ofLayers(whole.subarray(0, whole.length - endOfArchive.length));
    expect(pathsOf(fileSystem)).toEqual(['/', '/a']);
    expect(fileSystem.diagnostics).toEqual([]);
  });

  it('whiteouts take away what lies below, wherever they stand, and never what their own layer brings', async () => {
    const fileSystem = await ofLayers(
      layer({ 'a/old': '1', 'a/kept/x': '1', 'b/old': '1', c: 'lower' }),
      layer({ 'a/new': '2', 'a/.wh.old': '', 'b/new': '2', 'b/.wh..wh..opq': '', c: 'upper', '.wh.c': '' }),
    );
    expect(pathsOf(fileSystem)).toEqual(['/', '/a', '/a/kept', '/a/kept/x', '/a/new', '/b', '/b/new', '/c']);
    expect(textAt(fileSystem, '/c')).toBe('upper');
    expect(fileSystem.diagnostics).toEqual([]);
  });

  it('no whiteout reaches the tree, the root or what lies outside', async () => {
    const odd = ['.wh.', '.wh..', '.wh...', 'a/.wh..wh.plnk', 'a/.wh..wh.aufs/x', '.wh.gone/inside', 'a/../.wh.a'];
    const fileSystem = await ofLayers(
      layer({ 'a/file': '1' }),
      layer(Object.fromEntries(odd.map((path) => [path, 'x']))),
    );
    expect(pathsOf(fileSystem)).toEqual(['/', '/a', '/a/file']);
  });

  it('a whiteout in a folder that is a link below acts where the link leads, inside the tree', async () => {
    const fileSystem = await ofLayers(
      layer({
        'usr/bin/tool': '1',
        bin: { type: 'symlink', linkPath: '/usr/bin' },
        up: { type: 'symlink', linkPath: '../../..' },
      }),
      layer({ 'bin/.wh.tool': '', 'up/new': '2' }),
    );
    expect(pathsOf(fileSystem)).toEqual(['/', '/bin', '/new', '/up', '/usr', '/usr/bin']);
  });

  it('hard links join files of lower layers, and lose a name that is taken away', async () => {
    const link = (linkPath: string): Entry => ({ type: 'hard-link', linkPath });
    const fileSystem = await ofLayers(
      layer({ file: 'content', 'folder/same': link('file') }),
      layer({ '.wh.folder': '', across: link('file') }),
    );
    expect(pathsOf(fileSystem)).toEqual(['/', '/across', '/file']);
    expect(fileSystem.stat(walk(fileSystem).get('/across') as number).links).toBe(2);
    expect(textAt(fileSystem, '/across')).toBe('content');
  });

  it('a hard link to what its own layer takes away is damage', async () => {
    const fileSystem = await ofLayers(
      layer({ file: 'content' }),
      layer({ '.wh.file': '', dangling: { type: 'hard-link', linkPath: 'file' } }),
    );
    expect(fileSystem.diagnostics.map(({ level, code }) => `${level} ${code}`)).toEqual(['damage oci/bad-hard-link']);
  });

  it('files replace folders and folders files', async () => {
    const fileSystem = await ofLayers(
      layer({ 'a/b/c': '1', d: '1' }),
      layer({ a: 'file', 'd/': { type: 'directory' }, 'd/e': '2' }),
    );
    expect(pathsOf(fileSystem)).toEqual(['/', '/a', '/d', '/d/e']);
  });
});

describe('several images', () => {
  const build = (): Layout => {
    const layout = new Layout();
    const image = (architecture: string, variant?: string): Descriptor =>
      layout.image(architecture, [layout.add(layer({ platform: `${architecture}${variant ?? ''}` }))], {
        os: 'linux',
        architecture,
        ...(variant === undefined ? {} : { variant }),
      });
    const attached = { ...layout.image('unknown', []), platform: { os: 'unknown', architecture: 'unknown' } };
    const inner = layout.add({ schemaVersion: 2, manifests: [image('arm64', 'v8'), image('arm', 'v7'), attached] });
    return layout.index(image('amd64'), inner);
  };

  it('are chosen by platform, in indexes in the index as well', async () => {
    expect(textAt(await build().open('linux/amd64'), '/platform')).toBe('amd64');
    expect(textAt(await build().open('linux/arm64'), '/platform')).toBe('arm64v8');
    expect(textAt(await build().open('linux/arm/v7'), '/platform')).toBe('armv7');
  });

  it('are listed where none is named, or one that is not there', async () => {
    const held = 'linux/amd64, linux/arm64/v8, linux/arm/v7';
    await expect(build().open()).rejects.toMatchObject({
      kind: 'input',
      code: 'oci/several-images',
      remedy: 'name one with --platform',
    });
    await expect(build().open()).rejects.toThrow(held);
    await expect(build().open('linux/arm/v6')).rejects.toThrow(`holds no image for linux/arm/v6; it holds ${held}`);
  });

  it('the platform of a single image is in its configuration', async () => {
    const layout = new Layout();
    layout.index(layout.image('riscv64', [layout.add(layer({ a: '' }))]));
    expect(pathsOf(await layout.open('linux/riscv64'))).toEqual(['/', '/a']);
    await expect(layout.open('linux/amd64')).rejects.toThrow('it holds linux/riscv64');
  });
});

describe('refused', () => {
  const refusal = (build: (layout: Layout) => void): Promise<string> => {
    const layout = new Layout();
    build(layout);
    return outcomeOf(() => layout.open());
  };

  it.each([
    [
      'a digest that does not hold',
      'corrupt oci/digest-mismatch',
      (layout: Layout) => {
        const stored = layout.add(layer({ a: '1' }));
        layout.index(layout.image('amd64', [stored]));
        layout.tree[`/blobs/${stored.digest.replace(':', '/')}`] = layer({ a: '2' });
      },
    ],
    [
      'a size that does not hold',
      'truncated oci/digest-mismatch',
      (layout: Layout) => {
        const stored = layout.add(layer({ a: '1' }));
        layout.index(layout.image('amd64', [{ ...stored, size: stored.size + 1 }]));
      },
    ],
    [
      'a layer that is not there',
      'corrupt oci/missing-file',
      (layout: Layout) => {
        const digest = `sha256:${'0'.repeat(64)}`;
        layout.index(layout.image('amd64', [{ ...layout.add(''), digest }]));
      },
    ],
    [
      'a digest that climbs',
      'corrupt oci/bad-digest',
      (layout: Layout) => {
        layout.index(layout.image('amd64', [{ ...layout.add(''), digest: 'sha256:../../../etc/passwd' }]));
      },
    ],
    [
      'an index that is a manifest',
      'corrupt oci/ambiguous',
      (layout: Layout) => {
        layout.tree['/index.json'] = JSON.stringify({ schemaVersion: 2, manifests: [], layers: [] });
      },
    ],
    [
      'a manifest that is an index',
      'corrupt oci/ambiguous',
      (layout: Layout) => {
        layout.index(layout.add({ schemaVersion: 2, config: {}, layers: [], manifests: [] }));
      },
    ],
    [
      'a foreign layer',
      'unsupported oci/foreign-layer',
      (layout: Layout) => {
        const type = 'application/vnd.oci.image.layer.nondistributable.v1.tar+gzip';
        layout.index(layout.image('amd64', [layout.add(gzipSync(layer({})), type)]));
      },
    ],
    [
      "docker's foreign layer",
      'unsupported oci/foreign-layer',
      (layout: Layout) => {
        const type = 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip';
        layout.index(layout.image('amd64', [layout.add('', type)]));
      },
    ],
    [
      'an encrypted layer',
      'unsupported oci/encrypted-layer',
      (layout: Layout) => {
        const type = 'application/vnd.oci.image.layer.v1.tar+gzip+encrypted';
        layout.index(layout.image('amd64', [layout.add('', type)]));
      },
    ],
    [
      'what is no layer',
      'unsupported oci/unknown-layer',
      (layout: Layout) => {
        layout.index(layout.image('amd64', [layout.add('', 'application/vnd.cncf.helm.chart.content.v1.tar+gzip')]));
      },
    ],
    [
      'no image at all',
      'input oci/no-such-image',
      (layout: Layout) => {
        layout.index();
      },
    ],
    [
      'an index that is no JSON',
      'corrupt oci/bad-json',
      (layout: Layout) => {
        layout.tree['/index.json'] = '{';
      },
    ],
    [
      'a layer that is no archive',
      'corrupt tar/bad-checksum',
      (layout: Layout) => {
        layout.index(layout.image('amd64', [layout.add('x'.repeat(1024))]));
      },
    ],
  ])('%s', async (_what, outcome, build) => {
    expect(await refusal(build)).toBe(outcome);
  });

  it('indexes in indexes without end', async () => {
    const layout = new Layout();
    let inner = layout.image('amd64', []);
    for (let depth = 0; depth <= limits.nesting; depth++) inner = layout.add({ schemaVersion: 2, manifests: [inner] });
    expect(await outcomeOf(() => layout.index(inner).open())).toBe('limit limit/nesting');
  });

  it('a docker archive whose layer is not the one that was saved', async () => {
    const image = readImage('plain.docker-archive');
    const at = image.indexOf('VERSION_ID=13');
    image.write('VERSION_ID=12', at, 'latin1');
    expect(await outcomeOf(() => openArchive(image))).toBe('corrupt oci/digest-mismatch');
  });
});

describe('detection', () => {
  it('leaves roots and other archives to tar', () => {
    for (const entries of [{ './etc/os-release': '' }, { 'blobs/x': '' }, { 'etc/x': '', 'manifest.json': '' }])
      expect(oci.detect(source(layer(entries)))).toBe(false);
    expect(oci.detect(source(new Uint8Array(100)))).toBe(false);
    expect(oci.detect(source(readImage('plain.docker-archive').subarray(0, 5000)))).toBe(false);
    expect(isOciLayout(new MemoryFileSystem({ '/etc/os-release': '' }))).toBe(false);
  });
});

describe('damage', () => {
  it.each(shapes)('%s: seeded changes end in values or ImageErrors', async (name) => {
    const image = readImage(name);
    const random = createRandom(20_261_122);
    for (let round = 0; round < 60; round++) {
      const damaged = Buffer.from(image);
      for (let change = 0; change < 4; change++) damaged[random(damaged.length)] = random(256);
      const cut = round % 5 === 0 ? damaged.subarray(0, random(damaged.length)) : damaged;
      await outcomeOf(async () => readEverything(await openArchive(cut)));
    }
  });
});
