/**
 * Package lists that ISAR puts beside an image: `.manifest`, one line `source|source-version|package[:arch]|version` per
 * binary package in no fixed order, and `.dpkg_status`, a copy of the image's dpkg status.
 */
import { encodeBytes } from '../../bytes/names.ts';
import type { Diagnostic } from '../../diagnostic.ts';
import type { SideFile } from '../fact.ts';
import { parseDpkgStatus, type StatusParser } from './dpkg-status.ts';
import type { SideManifest } from './packages-fact.ts';

export interface SideManifestResult {
  readonly manifest: SideManifest;
  /** One per line that cannot be read. */
  readonly diagnostics: readonly Diagnostic[];
}

type SidePackage = SideManifest['packages'][number];

/** The packages a side file lists; architecture is empty where an old manifest leaves it out. */
export function parseSideFile(file: SideFile, parse: StatusParser = parseDpkgStatus): SideManifestResult {
  return file.kind === 'manifest' ? parseManifest(file) : parseStatusCopy(file, parse);
}

function parseManifest(file: SideFile): SideManifestResult {
  const packages: SidePackage[] = [];
  const diagnostics: Diagnostic[] = [];
  file.text.split('\n').forEach((text, index) => {
    if (text.trim() === '') return;
    const line = index + 1;
    const fields = text.trim().split('|');
    const [, , named = '', version = ''] = fields;
    const colon = named.lastIndexOf(':');
    const name = colon < 0 ? named : named.slice(0, colon);
    if (fields.length !== 4 || name === '' || version === '') {
      diagnostics.push(damagedLine(file, line, 'not the four fields source|source-version|package|version'));
      return;
    }
    packages.push({ name, version, architecture: colon < 0 ? '' : named.slice(colon + 1), line });
  });
  return { manifest: { kind: 'manifest', name: file.name, packages }, diagnostics };
}

function parseStatusCopy(file: SideFile, parse: StatusParser): SideManifestResult {
  const { records, problems } = parse(encodeBytes(file.text));
  const packages = records
    .filter((record) => record.status === '' || record.status.endsWith(' installed'))
    .map(({ name, version, architecture, line }) => ({ name, version, architecture, line }));
  return {
    manifest: { kind: 'dpkg-status', name: file.name, packages },
    diagnostics: problems.map(({ message, line }) => damagedLine(file, line, message)),
  };
}

function damagedLine(file: SideFile, line: number, what: string): Diagnostic {
  return {
    level: 'damage',
    code: 'packages/bad-side-file',
    message: `${file.name}, line ${line}: ${what}`,
    location: { source: file.name, line },
  };
}
