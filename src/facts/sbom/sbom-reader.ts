/**
 * The fact `sbom`: SPDX 2 (`packages` with a purl in `externalRefs`) and CycloneDX (`components` with a `purl`) in JSON, as debsbom writes them
 * beside an ISAR image. Read only when asked: they are large. SPDX 3 is not read.
 */
import { damageFrom } from '../../diagnostic.ts';
import { asImageError, ImageError } from '../../errors.ts';
import type { RootView } from '../../root/root-view.ts';
import type { FactContext, FactReader, FactResult, Gap, SideFile } from '../fact.ts';
import type { Sbom, SbomFact, SbomPackage } from './sbom-fact.ts';

export const sbomReader: FactReader<'sbom'> = {
  id: 'sbom',
  title: 'bills of materials beside the image',
  reads: ['<image>.spdx.json', '<image>.cdx.json'],
  needs: [],
  read: readSboms,
};

function readSboms(_view: RootView, { image }: FactContext): FactResult<SbomFact> {
  const gaps: Gap[] = [];
  const documents = image.sideFiles.flatMap((file): Sbom[] => {
    if (file.kind !== 'spdx' && file.kind !== 'cyclonedx') return [];
    try {
      return [parseSbom(file)];
    } catch (thrown) {
      gaps.push({ cause: { location: { source: file.name }, ...damageFrom(asImageError(thrown)) } });
      return [];
    }
  });
  return { value: { documents }, diagnostics: gaps.map(({ cause }) => cause), gaps };
}

/** ImageError where the text is no JSON or lists nothing. */
export function parseSbom({ kind, name, text }: SideFile): Sbom {
  const root = parseObject(text, name);
  const isSpdx = kind === 'spdx';
  const list = isSpdx ? root.packages : root.components;
  if (!Array.isArray(list))
    throw new ImageError(
      'unsupported',
      'sbom/no-packages',
      `${name} has no list of ${isSpdx ? 'packages' : 'components'}`,
    );
  const packages = list.flatMap((item: unknown): readonly SbomPackage[] => {
    const purl = isRecord(item) ? purlOf(item) : undefined;
    return purl === undefined ? [] : (parseDebianPurl(purl) ?? []);
  });
  return { format: isSpdx ? 'SPDX' : 'CycloneDX', name, packages };
}

function parseObject(text: string, name: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (isRecord(value)) return value;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new ImageError('corrupt', 'sbom/no-json', `${name} is no JSON object`);
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function purlOf({ purl, externalRefs }: Readonly<Record<string, unknown>>): string | undefined {
  if (typeof purl === 'string') return purl;
  const references: readonly unknown[] = Array.isArray(externalRefs) ? externalRefs : [];
  for (const one of references)
    if (isRecord(one) && one.referenceType === 'purl' && typeof one.referenceLocator === 'string')
      return one.referenceLocator;
  return undefined;
}

/** `pkg:deb/debian/bash@5.2.37-2?arch=amd64`; undefined for a source package and for anything else. */
function parseDebianPurl(purl: string): readonly SbomPackage[] | undefined {
  const [, name, version, qualifiers = ''] = /^pkg:deb\/[^/]+\/([^@?#]+)@([^?#]+)(?:\?([^#]*))?/.exec(purl) ?? [];
  if (name === undefined || version === undefined || /(?:^|&)arch=source(?:&|$)/.test(qualifiers)) return undefined;
  return [{ name: decodePercent(name), version: decodePercent(version) }];
}

function decodePercent(text: string): string {
  return text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
