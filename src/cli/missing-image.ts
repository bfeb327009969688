/** What was meant by an image that is not there: a command, or another file of its folder. */
import { existsSync, readdirSync } from 'node:fs';
import { nearestName } from '../checks/language/nearest-name.ts';
import { baseName, directoryOf } from './host-files.ts';
import { UsageError } from './usage-error.ts';

/** Throws UsageError for a plain word that is no file, but nearly a command. */
export function refuseMistypedCommand(images: readonly string[], commands: readonly string[]): void {
  const [first = ''] = images;
  if (!/^[a-z]+$/.test(first) || existsSync(first)) return;
  const meant = nearestName(first, commands);
  if (meant !== undefined)
    throw new UsageError(`there is no command and no image ${first}`, `did you mean check-image ${meant}?`);
}

/** The file beside a missing one that is called nearly like it, as a remedy. */
export function suggestImage(path: string): string | undefined {
  const folder = directoryOf(path);
  let names: readonly string[];
  try {
    names = readdirSync(folder === '' ? '.' : folder);
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
  const meant = nearestName(baseName(path), names.slice(0, MAX_NAMES));
  return meant === undefined ? undefined : `did you mean ${folder}${meant}?`;
}

/** More names than this are not compared. */
const MAX_NAMES = 5000;
