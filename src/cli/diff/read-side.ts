/** One side of a diff: the portrait of an image, or one that was saved. */
import { openFileSource } from '../../bytes/file-source.ts';
import { isHostFolder } from '../../bytes/host-folder.ts';
import { isPortrait, parsePortrait } from '../../diff/portrait/parse-portrait.ts';
import type { Portrait } from '../../diff/portrait/portrait.ts';
import { takePortrait } from '../../diff/portrait/take-portrait.ts';
import { ImageError } from '../../errors.ts';
import { openFacts } from '../../facts/read-facts.ts';
import type { OpenedImage } from '../../root/open-image.ts';
import { type Decoding, readVerified } from '../../root/verified.ts';
import { baseName } from '../host-files.ts';
import { isFile, openAddressed, type TargetOptions } from '../open-target.ts';
import { version } from '../version.ts';
import type { VerdictRequest } from './verdict-request.ts';

export interface SideRequest extends VerdictRequest {
  /** An image, also one inside another, or a file of saved facts. */
  readonly path: string;
  readonly target: TargetOptions;
  /** Ids of the concerns wanted, all unless given. */
  readonly only?: ReadonlySet<string>;
}

/** Bytes of a file of saved facts: those of an image with 10,000 packages and units are a tenth of it. */
const MAX_FACTS = 128 * 1024 * 1024;
const BEGINNING = 256;

/** Called while a compressed image is read: bytes of input done, of how many. */
export type OnProgress = (done: number, total: number) => void;

/** Throws ImageError. */
export async function readSide(request: SideRequest, onProgress?: OnProgress): Promise<Portrait> {
  return readSaved(request.path) ?? readImageSide(request, onProgress);
}

/** Throws ImageError. */
export function readImageSide(request: SideRequest, onProgress?: OnProgress): Promise<Portrait> {
  return readVerified(
    (decoding) => openSide(request, onProgress, decoding),
    (image) => portray(image, request),
  );
}

/** Throws ImageError. */
export function openSide(
  { path, target }: SideRequest,
  onProgress?: OnProgress,
  decoding?: Decoding,
): Promise<OpenedImage> {
  return openAddressed(path, { ...target, ...(onProgress ? { onProgress } : {}), ...(decoding ? { decoding } : {}) });
}

export function portray(image: OpenedImage, { contract, set, only }: SideRequest): Promise<Portrait> {
  const tool = { name: 'check-image', version };
  const request = { image: image.label, tool, contract, set, ...(only ? { only } : {}) };
  return takePortrait(openFacts(image), request, () => image.diagnostics);
}

/** Whether a path names a file of saved facts. */
export function isSaved(path: string): boolean {
  if (!isFile(path) || isHostFolder(path)) return false;
  const source = openFileSource(path);
  try {
    return isPortrait(Buffer.from(source.read(0, Math.min(BEGINNING, source.size))).toString('latin1'));
  } finally {
    source.close();
  }
}

/** Undefined if the file holds no facts, but an image. */
function readSaved(path: string): Portrait | undefined {
  if (!isSaved(path)) return undefined;
  const label = baseName(path);
  const source = openFileSource(path);
  try {
    if (source.size > MAX_FACTS)
      throw new ImageError('limit', 'facts/too-large', `${label} has ${source.size} bytes of facts`, {
        location: { source: label },
      });
    return parsePortrait(Buffer.from(source.read(0, source.size)).toString('utf8'), label);
  } finally {
    source.close();
  }
}
