/**
 * Ctrl-C at a moment that must not be torn. Reading needs nothing of this: its temporary files have no names, and the process
 * dies of the signal as it should. Writing ends first, or is taken back, and then the process dies of the signal all the same.
 */
import { setImmediate } from 'node:timers/promises';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** Milliseconds of work between two looks at the signals. */
const breath = 50;

/** Thrown through work that is to be taken back. */
class Interrupted extends Error {}

/**
 * Does `work`, which awaits `pause` now and then: after a signal that throws, `takeBack` undoes what is half done, and the
 * process dies. Work that never pauses is done whole first.
 */
export async function interruptible<T>(
  work: (pause: () => Promise<void>) => Promise<T>,
  takeBack: () => void = () => {},
): Promise<T> {
  let received: NodeJS.Signals | undefined;
  const onSignal = (signal: NodeJS.Signals): void => {
    received ??= signal;
  };
  for (const signal of signals) process.on(signal, onSignal);
  let last = performance.now();
  try {
    return await work(async () => {
      if (performance.now() - last < breath) return;
      await setImmediate();
      last = performance.now();
      if (received) throw new Interrupted(received);
    });
  } catch (error) {
    if (error instanceof Interrupted) takeBack();
    throw error;
  } finally {
    // Lets a signal in that came while nothing could.
    await setImmediate();
    for (const signal of signals) process.off(signal, onSignal);
    if (received) process.kill(process.pid, received);
  }
}
