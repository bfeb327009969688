/** What was meant by an image that is not there: a command, or another file of its folder. */
import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { nearestName } from '../checks/language/nearest-name.ts';
import { baseName, directoryOf } from './host-files.ts';
import { UsageError } from './usage-error.ts';

/** Throws UsageError for a plain word that is no file, but nearly a command, and for `-`. */
export function refuseMistypedCommand(images: readonly string[], commands: readonly string[]): void {
  const [first = ''] = images;
  if (images.includes('-') && !existsSync('-'))
    throw new UsageError('an image is read in any order, which standard input cannot be', 'write it to a file first');
  if (!/^[a-z]+$/.test(first) || existsSync(first)) return;
  const meant = nearestName(first, commands);
  if (meant !== undefined)
    throw new UsageError(`there is no command and no image ${first}`, `did you mean check-image ${meant}?`);
}

/** The file beside a missing one that is called nearly like it, as a remedy; of a link that leads nowhere, where to. */
export function suggestImage(path: string): string | undefined {
  if (path === '') return 'the name given is empty: a variable of a script that is not set?';
  const folder = directoryOf(path);
  const name = baseName(path);
  let names: readonly string[];
  try {
    names = readdirSync(folder === '' ? '.' : folder);
    if (names.includes(name)) return `${name} is a link to ${readlinkSync(path)}`;
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
  const meant = nearestName(name, names.slice(0, MAX_NAMES));
  if (meant !== undefined) return `did you mean ${folder}${meant}?`;
  return /^[a-z]+$/.test(path) ? 'check-image --help lists the commands' : undefined;
}

/** More names than this are not compared. */
const MAX_NAMES = 5000;
