/** Takes away what an extraction has written: names are bytes, no link is followed, and no mode of an image's folder is in the way. */
import { chmodSync, readdirSync, rmdirSync, unlinkSync } from 'node:fs';
import { hostPath } from '../../bytes/file-source.ts';

const SLASH = Buffer.from('/');

/** Empties a folder of the host. System errors are thrown as they are. */
export function removeContent(folder: string): void {
  const start = hostPath(folder);
  const folders: Buffer[] = [start];
  // Grows while it is walked: every folder stands behind the one it lies in.
  for (const path of folders) {
    chmodSync(path, 0o700);
    for (const entry of readdirSync(path, { encoding: 'buffer', withFileTypes: true })) {
      const child = Buffer.concat([path, SLASH, entry.name as unknown as Buffer]);
      if (entry.isDirectory()) folders.push(child);
      else unlinkSync(child);
    }
  }
  for (const path of folders.reverse()) if (path !== start) rmdirSync(path);
}
