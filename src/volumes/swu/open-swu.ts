/** Opens a SWUpdate image: its members as volumes, each read once and held against its sum and its digest. */
import { createHash } from 'node:crypto';
import type { ByteSource } from '../../bytes/byte-source.ts';
import { decodeBytes } from '../../bytes/names.ts';
import type { Diagnostic } from '../../diagnostic.ts';
import { ImageError } from '../../errors.ts';
import { type Limits, limitExceeded } from '../../limits.ts';
import { parseBraced } from '../braced-text.ts';
import { RefusedSource } from '../refused-source.ts';
import type { Volume, VolumeTable } from '../volume.ts';
import { type CpioMember, DESCRIPTION, readCpioMembers } from './cpio-members.ts';
import { type DescribedFile, findDescribedFiles } from './description.ts';

const SIGNATURE = `${DESCRIPTION}.sig`;
const PIECE = 1024 * 1024;
/** Lists whose files may be images; scripts and environments are not. */
const imageSections: ReadonlySet<string> = new Set(['images', 'files']);

/** What the description says about each file, which it may name for several slots. */
type Described = ReadonlyMap<string, readonly DescribedFile[]>;

/** ImageError if the archive or its description cannot be read; what does not match is said in a diagnostic. */
export function openSwu(source: ByteSource, limits: Limits): VolumeTable {
  const members = readCpioMembers(source);
  const described = readDescription(source, members, limits);
  const diagnostics = [
    ...members.flatMap((member) => verifyMember(member, described)),
    ...findMissing(source, members, described),
  ];
  if (members.some(({ name }) => name === SIGNATURE)) {
    const message = 'the SWUpdate image is signed; its signature is not verified';
    diagnostics.push({ level: 'note', code: 'swu/signature', message, location: { source: source.label } });
  }
  return { format: 'swu', volumes: members.map((member) => openMember(member, described)), diagnostics };
}

function readDescription(source: ByteSource, members: readonly CpioMember[], limits: Limits): Described {
  const content = members[0]?.content;
  if (!content)
    throw new ImageError('corrupt', 'swu/empty', 'nothing is in it', { location: { source: source.label } });
  const location = { source: content.label };
  if (content.size > limits.textBytes) {
    throw limitExceeded('textBytes', limits, `${DESCRIPTION} has ${content.size} bytes`, location);
  }
  const bytes = content.read(0, content.size);
  if (bytes.includes(0)) {
    const message = `${DESCRIPTION} is no text: it is encrypted`;
    throw new ImageError('unsupported', 'swu/encrypted', message, { location });
  }
  const byName = new Map<string, DescribedFile[]>();
  for (const file of findDescribedFiles(parseBraced(decodeBytes(bytes), content.label))) {
    const known = byName.get(file.filename);
    if (known) known.push(file);
    else byName.set(file.filename, [file]);
  }
  return byName;
}

function openMember({ name, content }: CpioMember, described: Described): Volume {
  const files = described.get(name) ?? [];
  if (files.some(({ isEncrypted }) => isEncrypted)) {
    const error = new ImageError('unsupported', 'swu/encrypted', `${name} is encrypted`, {
      location: { source: content.label },
      remedy: 'check the image before it is encrypted',
    });
    return { name, source: new RefusedSource(content.size, content.label, error) };
  }
  const isImage = files.some(({ section }) => imageSections.has(section));
  return isImage ? { name, source: content } : { name, source: content, holdsImage: false };
}

function verifyMember({ name, content, sum }: CpioMember, described: Described): Diagnostic[] {
  const location = { source: content.label };
  const files = described.get(name) ?? [];
  const digests = new Set(files.flatMap(({ sha256 }) => sha256 ?? []));
  const found: Diagnostic[] = [];
  const read = digestMember(content);
  if (sum !== undefined && sum !== read.sum) {
    const message = `the checksum of ${name} does not match: it was changed or damaged`;
    found.push({ level: 'damage', code: 'swu/bad-checksum', message, location, touches: 'everything' });
  }
  if ([...digests].some((digest) => digest !== read.sha256)) {
    const message = `${name} does not match its SHA-256 in ${DESCRIPTION}: it was changed or damaged`;
    found.push({ level: 'damage', code: 'swu/bad-digest', message, location, touches: 'everything' });
  }
  if (digests.size === 0 && files.length > 0) {
    const message = `${DESCRIPTION} gives no SHA-256 for ${name}`;
    found.push({ level: 'note', code: 'swu/no-digest', message, location });
  }
  return found;
}

function digestMember(content: ByteSource): { readonly sum: number; readonly sha256: string } {
  const hash = createHash('sha256');
  let sum = 0;
  for (let at = 0; at < content.size; at += PIECE) {
    const piece = content.read(at, Math.min(PIECE, content.size - at));
    hash.update(piece);
    // A piece sums up to less than 2^32, so that this stays exact.
    for (let i = 0; i < piece.length; i++) sum += piece[i] as number;
    sum %= 2 ** 32;
  }
  return { sum, sha256: hash.digest('hex') };
}

function* findMissing(source: ByteSource, members: readonly CpioMember[], described: Described): Generator<Diagnostic> {
  const present = new Set(members.map(({ name }) => name));
  for (const name of described.keys()) {
    if (present.has(name)) continue;
    const message = `${name}, which ${DESCRIPTION} names, is not in the image`;
    yield {
      level: 'damage',
      code: 'swu/missing-file',
      message,
      location: { source: source.label },
      touches: 'everything',
    };
  }
}
