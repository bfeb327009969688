/** The worker thread of `read-sides.ts`: reads one side and sends back its portrait. */
import { parentPort } from 'node:worker_threads';
import { type PackedPortrait, packPortrait } from '../../diff/portrait/pack-portrait.ts';
import { ImageError } from '../../errors.ts';
import { readSide, type SideRequest } from './read-side.ts';

/** What comes back: a portrait, or the parts of an ImageError. */
export type SideAnswer =
  | { readonly portrait: PackedPortrait }
  | { readonly error: Pick<ImageError, 'kind' | 'code' | 'message' | 'location' | 'remedy'> };

parentPort?.once('message', async (request: SideRequest) => {
  parentPort?.postMessage(await answer(request));
});

async function answer(request: SideRequest): Promise<SideAnswer> {
  try {
    return { portrait: packPortrait(await readSide(request)) };
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    const { kind, code, message, location, remedy } = error;
    return { error: { kind, code, message, location, remedy } };
  }
}
