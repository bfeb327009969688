/** What an OVF descriptor (DMTF DSP0243, "References", "DiskSection") says about the disks, and the digests of a manifest. */
import type { DigestAlgorithm } from '../../bytes/checksums/source-digest.ts';

export interface OvfFile {
  readonly href: string;
  /** In pieces `href.000000000`, ...: how many bytes each. */
  readonly isChunked: boolean;
  readonly isDisk: boolean;
}

/** Start tags of `File` and `Disk`; neither has content. */
const tag = /<(?:[\w.-]+:)?(File|Disk)\s([^<>]*)>/g;
/** Begins only where a name begins, so that a long one is tried once. */
const attribute = /(?<![\w.:-])([\w.:-]+)\s*=\s*(?:"([^"<>]*)"|'([^'<>]*)')/g;
const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** The files that the descriptor refers to, in its order. */
export function parseOvf(xml: string): OvfFile[] {
  const files: Map<string, string>[] = [];
  const disks = new Set<string>();
  for (const [, kind, text] of xml.replace(/<!--[\s\S]*?(?:-->|$)/g, '').matchAll(tag)) {
    const attributes = parseAttributes(text ?? '');
    if (kind === 'File') files.push(attributes);
    else disks.add(attributes.get('fileRef') ?? '');
  }
  return files.map((file) => ({
    href: file.get('href') ?? '',
    isChunked: file.has('chunkSize'),
    isDisk: disks.has(file.get('id') ?? ''),
  }));
}

/** By their local names. */
function parseAttributes(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const [, name = '', double, single] of text.matchAll(attribute)) {
    const value = (double ?? single ?? '').replace(/&(amp|lt|gt|quot|apos);/g, (_, entity) => entities[entity] ?? '');
    found.set(name.slice(name.indexOf(':') + 1), value);
  }
  return found;
}

export interface ManifestLine {
  readonly algorithm: DigestAlgorithm;
  readonly name: string;
  /** Lower-case hex. */
  readonly digest: string;
}

const algorithms: Readonly<Record<string, DigestAlgorithm>> = { SHA1: 'sha1', SHA256: 'sha256', SHA512: 'sha512' };

/** Lines such as `SHA256(disk.vmdk)= 0f...`; `unread` are those that are none. */
export function parseManifest(text: string): { readonly lines: readonly ManifestLine[]; readonly unread: number } {
  const lines: ManifestLine[] = [];
  let unread = 0;
  for (const line of text.split(/\r?\n/)) {
    if (line.trim() === '') continue;
    const [, kind = '', name = '', digest = ''] = /^(\w+) ?\((.*)\) ?= ?([0-9a-fA-F]+)\s*$/.exec(line) ?? [];
    const algorithm = algorithms[kind.toUpperCase()];
    if (algorithm) lines.push({ algorithm, name, digest: digest.toLowerCase() });
    else unread++;
  }
  return { lines, unread };
}
