/**
 * The sides of a diff, read at the same time: the first in this thread, the other in a worker. Where the build has put no worker
 * (from source), or where a side is a file of saved facts, one is read after the other.
 */
import type { Worker } from 'node:worker_threads';
import { type PackedPortrait, packPortrait, unpackPortrait } from '../../diff/portrait/pack-portrait.ts';
import type { Portrait } from '../../diff/portrait/portrait.ts';
import { ImageError } from '../../errors.ts';
import { baseName } from '../host-files.ts';
import { type StatusTerminal, startProgress } from '../progress.ts';
import { isSaved, type OnProgress, readSide, type SideRequest } from './read-side.ts';
import { takeSideThread } from './side-thread.ts';
import type { SideAnswer } from './side-worker.ts';

/** In the order of the requests. Throws the ImageError of the first side that cannot be read. */
export async function readSides(
  requests: readonly SideRequest[],
  terminal: StatusTerminal,
): Promise<readonly Portrait[]> {
  const [first, second] = requests;
  if (!first) return [];
  const progress = startProgress(baseName(first.path), terminal);
  try {
    const thread = second && !requests.some(({ path }) => isSaved(path)) ? takeSideThread() : undefined;
    if (!second || !thread) {
      const portraits: Portrait[] = [];
      for (const request of requests) portraits.push(await readSide(request, progress.report));
      return portraits;
    }
    const [theirs, ours] = await Promise.allSettled([
      // Reading never waits: the worker must be under way before it begins.
      readInThread(second, thread),
      Promise.resolve().then(() => readAndPack(first, progress.report)),
    ]);
    if (ours.status === 'rejected') throw ours.reason;
    if (theirs.status === 'rejected') throw theirs.reason;
    const { portrait, packed } = ours.value;
    return [portrait, unpackPortrait(theirs.value, portrait, packed)];
  } finally {
    progress.end();
  }
}

/** Packing it here, too, takes no time: the worker began later. */
async function readAndPack(request: SideRequest, onProgress: OnProgress) {
  const portrait = await readSide(request, onProgress);
  return { portrait, packed: packPortrait(portrait) };
}

function readInThread(request: SideRequest, worker: Worker): Promise<PackedPortrait> {
  return new Promise((resolve, reject) => {
    worker.once('message', (answer: SideAnswer) => {
      if ('portrait' in answer) resolve(answer.portrait);
      else reject(errorOf(answer.error));
    });
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('the worker of a diff ended without an answer')));
    worker.postMessage(request);
  });
}

function errorOf({
  kind,
  code,
  message,
  location,
  remedy,
}: Extract<SideAnswer, { error: unknown }>['error']): ImageError {
  return new ImageError(kind, code, message, {
    ...(location === undefined ? {} : { location }),
    ...(remedy === undefined ? {} : { remedy }),
  });
}
