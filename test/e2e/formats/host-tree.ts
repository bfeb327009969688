/** Trees on the host that images are made of, what a folder holds by lstat, and images as check-image opens them. As root. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { openFileSource } from '../../../src/bytes/file-source.ts';
import type { FileSystem } from '../../../src/filesystems/file-system.ts';
import { fileSystemFormats } from '../../../src/filesystems/registry.ts';
import { defaultLimits } from '../../../src/limits.ts';
import type { Expectation } from '../../filesystems/expectation.ts';

const script = resolve(import.meta.dirname, '../../fixtures/tree/tree.py');
const environment = { ...process.env, LC_ALL: 'C.UTF-8', TZ: 'UTC' };

/** A folder for the images of one suite, and what removes it. */
export function scratchFolder(name: string): { readonly folder: string; readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), `${name}-`));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Runs a line of bash; an exit code that is not 0 is thrown with what it said. */
export function run(command: string): string {
  const ran = spawnSync('bash', ['-euo', 'pipefail', '-c', command], {
    encoding: 'utf8',
    env: environment,
    maxBuffer: 2 ** 28,
  });
  if (ran.status !== 0) throw new Error(`${command}: ${ran.stderr}`);
  return ran.stdout;
}

/** Makes the canonical tree: everything awkward, blocks of 1 MiB, and a folder of 4,000 entries. */
export function makeCanonicalTree(root: string): void {
  run(`mkdir ${root}`);
  for (const part of ['awkward', 'large', 'many']) run(`python3 ${script} make ${part} ${root}/${part}`);
  run(`touch -d @1700000000 ${root}`);
}

/** What lstat says of a folder, without the fields named. */
export function expectFolder(folder: string, without: readonly string[] = []): Expectation {
  return JSON.parse(run(`python3 ${script} expect ${folder} ${without.join(' ')}`));
}

/** Mounts an image read-only, and says what the kernel shows. */
export function expectMounted(type: string, image: string, without: readonly string[] = []): Expectation {
  const mount = `${image}.mount`;
  run(`mkdir ${mount} && mount -t ${type} -o loop,ro ${image} ${mount}`);
  try {
    return expectFolder(mount, without);
  } finally {
    run(`umount ${mount} && rmdir ${mount}`);
  }
}

/** The first file system format that knows the image, opened. */
export async function openImageFile(path: string): Promise<FileSystem> {
  const source = openFileSource(path, { label: basename(path) });
  const format = fileSystemFormats.find((each) => each.detect(source));
  if (!format) throw new Error(`no format knows ${path}`);
  return format.open(source, { limits: defaultLimits });
}
