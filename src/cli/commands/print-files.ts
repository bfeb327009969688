/** The work of `cat`. */
import type { ByteSource } from '../../bytes/byte-source.ts';
import type { ExitCode } from '../../checks/result.ts';
import { type Target, withTargets } from '../open-target.ts';
import { Outcome } from '../outcome.ts';
import type { Terminal } from '../terminal.ts';
import { type ImageOptions, readTargetOptions } from './image-options.ts';

/** Bytes written at once. */
const CHUNK = 1024 * 1024;

export async function printFiles(
  targets: readonly string[],
  options: ImageOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const outcome = new Outcome(terminal);
  const print = async ({ view, path, argument }: Target): Promise<void> => {
    try {
      const stat = view.stat(path);
      if (!stat) outcome.absent(`there is no ${argument}`);
      else if (stat.type !== 'file') outcome.absent(`${argument} is a ${stat.type}, not a regular file`);
      else await writeSource(view.open(path), terminal);
    } catch (thrown) {
      outcome.unreadable(argument, thrown);
    }
  };
  const printVolume = async (argument: string, source: ByteSource): Promise<void> => {
    try {
      await writeSource(source, terminal);
    } catch (thrown) {
      outcome.unreadable(argument, thrown);
    }
  };
  const damage = await withTargets(targets, readTargetOptions(options, false), print, printVolume);
  outcome.incomplete(damage);
  return outcome.exitCode;
}

async function writeSource(source: ByteSource, terminal: Terminal): Promise<void> {
  for (let at = 0; at < source.size; at += CHUNK) {
    // A copy: what a source gives is valid only until its next read.
    await terminal.write(Uint8Array.from(source.read(at, Math.min(CHUNK, source.size - at))));
  }
}
