/** Why a piece could not be decoded, on its way from a worker to the reader: threads do not share classes. */
import { ImageError } from '../../errors.ts';

type ErrorParts = Pick<ImageError, 'kind' | 'code' | 'message' | 'location' | 'remedy'>;

/** The parts of an ImageError; anything else is a bug. */
export type Failure = { readonly parts: ErrorParts } | { readonly bug: unknown };

export function describeFailure(error: unknown): Failure {
  if (!(error instanceof ImageError)) return { bug: error };
  const { kind, code, message, location, remedy } = error;
  return { parts: { kind, code, message, location, remedy } };
}

/** What `describeFailure` was given. */
export function restoreFailure(failure: Failure): unknown {
  if ('bug' in failure) return failure.bug;
  const { kind, code, message, location, remedy } = failure.parts;
  return new ImageError(kind, code, message, {
    ...(location && { location }),
    ...(remedy !== undefined && { remedy }),
  });
}
