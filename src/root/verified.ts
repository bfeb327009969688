/**
 * Reading an image while its compressed layers are still being decoded. Nothing that was read counts before the decoders have ended
 * well; if they do not, all is done again on an image that is decoded first, whose opening names what is wrong with it.
 */
import { asImageError, type ImageError } from '../errors.ts';
import type { OpenedImage } from './open-image.ts';

/** `beside` the reader, who calls `verify` on what was opened; or `before` anything is read. */
export type Decoding = 'beside' | 'before';

/** What was read is worth nothing: thrown by `verifyDecoded` for the functions here, and no outcome of anything else. */
class DecodingFailed extends Error {
  constructor(cause: ImageError) {
    super(cause.message, { cause });
  }
}

/** Waits until what was read of each source is known to be good. */
export function verifyDecoded(sources: Iterable<{ verify?(): void }>): void {
  for (const source of sources) {
    try {
      source.verify?.();
    } catch (thrown) {
      throw thrown instanceof DecodingFailed ? thrown : new DecodingFailed(asImageError(thrown));
    }
  }
}

/** The image once it is verified as far as it was read. Throws what `open` throws for an image that is decoded first. */
export function openVerified(open: (decoding: Decoding) => Promise<OpenedImage>): Promise<OpenedImage> {
  return decodedAtWorst(async (decoding) => {
    const image = await open(decoding);
    try {
      image.verify();
      return image;
    } catch (thrown) {
      image.close();
      throw thrown;
    }
  });
}

/** What `read` makes of the image, which is closed afterwards. Throws what `open` throws for an image that is decoded first. */
export function readVerified<T>(
  open: (decoding: Decoding) => Promise<OpenedImage>,
  read: (image: OpenedImage) => Promise<T>,
): Promise<T> {
  return decodedAtWorst(async (decoding) => {
    const image = await open(decoding);
    try {
      const value = await read(image);
      image.verify();
      return value;
    } catch (thrown) {
      image.verify();
      throw thrown;
    } finally {
      image.close();
    }
  });
}

/** Does `work`, which verifies what it opens, and does it again on what is decoded first if that fails. */
export async function decodedAtWorst<T>(work: (decoding: Decoding) => Promise<T>): Promise<T> {
  try {
    return await work('beside');
  } catch (thrown) {
    if (!(thrown instanceof DecodingFailed)) throw thrown;
    return work('before');
  }
}
