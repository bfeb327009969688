/** Opens an OVA: its members, the digests of its manifest, and as volumes the disks its descriptor names. */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { type DigestAlgorithm, readDigest } from '../../bytes/checksums/source-digest.ts';
import { decodeBytes } from '../../bytes/names.ts';
import type { Diagnostic } from '../../diagnostic.ts';
import { ImageError } from '../../errors.ts';
import { type Limits, limitExceeded } from '../../limits.ts';
import { nestedLabel } from '../../location.ts';
import type { Volume, VolumeTable } from '../volume.ts';
import { parseManifest, parseOvf } from './descriptor.ts';
import { type Member, readMembers } from './members.ts';

/** One disk alone is the volume without a name; of several each is named like its file. ImageError if there is none. */
export function openOva(source: ByteSource, limits: Limits): VolumeTable {
  const members = readMembers(source);
  const byName = new Map(members.map((member) => [member.name, member]));
  const descriptor = members.find(({ name }) => name.toLowerCase().endsWith('.ovf'));
  const files = descriptor ? parseOvf(readText(source, descriptor, limits)) : [];
  const diagnostics: Diagnostic[] = [...verifyManifest(source, members, byName, limits)];
  const disks = new Set<Member>();
  for (const { href, isChunked, isDisk } of files) {
    if (!isDisk) continue;
    const location = { source: source.label, path: href };
    if (isChunked) {
      const message = `the disk ${href} of the OVA is cut into chunks`;
      throw new ImageError('unsupported', 'ova/chunked', message, { location });
    }
    const member = byName.get(href);
    if (member) disks.add(member);
    else {
      const message = `the disk ${href} that the OVA describes is not in it`;
      diagnostics.push({ level: 'damage', code: 'ova/missing-disk', message, location });
    }
  }
  if (disks.size === 0) {
    const message = 'the OVA holds no disk that its descriptor names';
    throw new ImageError('corrupt', 'ova/no-disk', message, { location: { source: source.label } });
  }
  const isOnly = disks.size === 1;
  const volumes = [...disks].map(({ name, offset, size }): Volume => {
    return {
      name: isOnly ? '' : name,
      source: source.slice(offset, size, isOnly ? source.label : nestedLabel(source.label, name)),
    };
  });
  return { format: 'ova', volumes, diagnostics };
}

function readText(source: ByteSource, { name, offset, size }: Member, limits: Limits): string {
  if (size > limits.textBytes) {
    throw limitExceeded('textBytes', limits, `${name} has ${size} bytes`, { source: source.label, offset });
  }
  return decodeBytes(source.read(offset, size));
}

/** Reads every member that the manifest names, once for each algorithm, however often it is named. */
function* verifyManifest(
  source: ByteSource,
  members: readonly Member[],
  byName: ReadonlyMap<string, Member>,
  limits: Limits,
): Generator<Diagnostic> {
  const manifest = members.find(({ name }) => name.toLowerCase().endsWith('.mf'));
  if (!manifest) return;
  const location = { source: source.label, path: manifest.name };
  const { lines, unread } = parseManifest(readText(source, manifest, limits));
  if (unread > 0) {
    const message = `${unread} line(s) of the manifest ${manifest.name} are not understood and not verified`;
    yield { level: 'note', code: 'ova/manifest-line', message, location };
  }
  const digests = new Map<string, string>();
  const digestOf = ({ offset, size }: Member, algorithm: DigestAlgorithm): string => {
    const key = `${algorithm}:${offset}`;
    const digest = digests.get(key) ?? readDigest(source.slice(offset, size), algorithm);
    digests.set(key, digest);
    return digest;
  };
  for (const { name, algorithm, digest } of lines) {
    const member = byName.get(name);
    if (!member) {
      const message = `${name}, which the manifest names, is not in the OVA`;
      yield { level: 'damage', code: 'ova/missing-file', message, location, touches: 'everything' };
    } else if (digestOf(member, algorithm) !== digest) {
      const message = `${name} differs from its ${algorithm} digest in the manifest: it was changed or damaged`;
      yield { level: 'damage', code: 'ova/bad-digest', message, location, touches: 'everything' };
    }
  }
}
