/** Files of the host that are not the image: contracts in, reports out. */
import { lstatSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';

/** The last component of a path. */
export function baseName(path: string): string {
  const trimmed = path.replace(/\/+$/, '');
  return trimmed.slice(trimmed.lastIndexOf('/') + 1) || path;
}

/** Everything up to the last component, empty if there is none. */
export function directoryOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

/** The text of a file, or why it cannot be read. `maxBytes` is for files that other programs make. */
export function readHostText(
  path: string,
  maxBytes = Infinity,
): { readonly text: string } | { readonly problem: string; readonly isMissing: boolean } {
  try {
    if (statSync(path).size > maxBytes) return { problem: `it is larger than ${maxBytes} bytes`, isMissing: false };
    return { text: readFileSync(path, 'utf8') };
  } catch (error) {
    const problem = systemProblem(error);
    return { problem, isMissing: problem === words.ENOENT };
  }
}

/**
 * Writes under a temporary name first, so that a killed run leaves no half report; a device, a pipe or a link is written to, never
 * replaced. Returns what went wrong, if so.
 */
export function replaceHostFile(path: string, text: string): string | undefined {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    if (!(lstatSync(path, { throwIfNoEntry: false })?.isFile() ?? true)) {
      writeFileSync(path, text);
      return undefined;
    }
    writeFileSync(temporary, text, { flag: 'wx' });
    renameSync(temporary, path);
    return undefined;
  } catch (error) {
    rmSync(temporary, { force: true });
    return systemProblem(error);
  }
}

const words: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'permission denied',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is not a folder',
  ENOSPC: 'no space left',
};

/** What the system said, in words; anything that is not its answer is thrown on. */
function systemProblem(error: unknown): string {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') throw error;
  return words[error.code] ?? error.code;
}
