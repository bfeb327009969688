import { describe, expect, it } from 'vitest';
import { ImageError } from '../../../src/errors.ts';
import { FactStore } from '../../../src/facts/fact-store.ts';
import { parseSbom } from '../../../src/facts/sbom/sbom-reader.ts';
import { MemoryFileSystem } from '../../../src/filesystems/memory.ts';
import { defaultLimits } from '../../../src/limits.ts';
import type { SideFile } from '../../../src/root/image-facts.ts';
import { RootView } from '../../../src/root/root-view.ts';

const side = (kind: SideFile['kind'], value: unknown): SideFile => ({
  kind,
  name: 'node.json',
  text: typeof value === 'string' ? value : JSON.stringify(value),
});

describe('a bill of materials', () => {
  it('lists the binary packages of Debian in CycloneDX', () => {
    const components = [
      { purl: 'pkg:deb/debian/libstdc%2B%2B6@14.2.0-19?arch=amd64' },
      { purl: 'pkg:deb/debian/gcc-14@14.2.0-19?distro=trixie&arch=source' },
      { purl: 'pkg:npm/left-pad@1.3.0' },
      { name: 'no purl' },
      'no component',
    ];
    expect(parseSbom(side('cyclonedx', { components }))).toEqual({
      format: 'CycloneDX',
      name: 'node.json',
      packages: [{ name: 'libstdc++6', version: '14.2.0-19' }],
    });
  });

  it('lists them in SPDX', () => {
    const externalRefs = [
      { referenceType: 'cpe23Type', referenceLocator: 'cpe:2.3:a' },
      { referenceType: 'purl', referenceLocator: 'pkg:deb/debian/bash@5.2?arch=arm64' },
    ];
    expect(parseSbom(side('spdx', { packages: [{ externalRefs }, {}] })).packages).toEqual([
      { name: 'bash', version: '5.2' },
    ]);
  });

  it.each(['', '[]', '{"components": 1}', '{"@graph": []}', 'nul'])('that is %j lists nothing, and says so', (text) => {
    expect(() => parseSbom(side('cyclonedx', text))).toThrow(ImageError);
    const view = new RootView([{ path: '/', fileSystem: new MemoryFileSystem({}) }], defaultLimits);
    const store = new FactStore(view, { label: 'disk', sideFiles: [side('cyclonedx', text)] });
    expect(store.get('sbom')).toMatchObject({ value: { documents: [] }, gaps: [{ cause: { level: 'damage' } }] });
  });
});
