/**
 * An image on the host that may name other files it needs (a backing file): opened on request, by a name relative to the file that
 * says it. The image is not trusted with more than its own folder: symlinks count as what they lead to, `..`, names with a protocol
 * (`nbd:`, `json:`) and files that the chain has been through are refused.
 */
import { closeSync, fstatSync, realpathSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { ImageError } from '../errors.ts';
import { FileSource, type FileSourceOptions, hostError, hostPath, openRegularFile } from './file-source.ts';
import { decodeBytes } from './names.ts';

/** The share of the image's cache that each other file gets. */
const CACHE_SHARE = 1 / 4;
const DEFAULT_CACHE = 48 * 1024 * 1024;
/** As QEMU tells a protocol from a path: a colon before the first slash. */
const protocol = /^[^/:]*:/;

/** A file of the image, and the way that led to it. */
interface Step {
  readonly fd: number;
  readonly size: number;
  readonly label: string;
  /** As it was named: other names are relative to it. */
  readonly path: string;
  /** The folder of the image, resolved. */
  readonly folder: string;
  /** The files the way went through, this one included. */
  readonly seen: readonly string[];
  readonly cacheBytes: number | undefined;
}

/** Opens an image from which files in its folder can be opened; they are closed with it. ImageError as `openFileSource`. */
export function openWithNeighbours(path: string, options: FileSourceOptions = {}): FileSource {
  const { label = basename(path), cacheBytes } = options;
  const whole = resolve(path);
  const folder = resolveLinks(dirname(whole), label);
  const { fd, size } = openRegularFile(path, label);
  return new NeighbourlySource({ fd, size, label, path: whole, folder, seen: [identityOf(fd)], cacheBytes });
}

class NeighbourlySource extends FileSource {
  readonly #step: Step;
  readonly #opened: FileSource[] = [];

  constructor(step: Step) {
    super(step.fd, step.size, step.label, step.cacheBytes);
    this.#step = step;
  }

  openBeside(name: string): FileSource {
    const { path: from, folder, seen, cacheBytes = DEFAULT_CACHE } = this.#step;
    const path = resolveName(name, from, this.label);
    const target = resolveLinks(path, this.label);
    if (!target.startsWith(folder === '/' ? '/' : `${folder}/`))
      throw refused(this.label, `names ${name}, which lies outside the folder of the image`);
    const label = basename(path);
    const { fd, size } = openRegularFile(target, label);
    const identity = identityOf(fd);
    if (seen.includes(identity)) {
      closeSync(fd);
      throw refused(this.label, `names ${name}, which needs ${this.label} itself`);
    }
    const source = new NeighbourlySource({
      ...{ fd, size, label, path, folder },
      seen: [...seen, identity],
      cacheBytes: cacheBytes * CACHE_SHARE,
    });
    this.#opened.push(source);
    return source;
  }

  override close(): void {
    super.close();
    for (const each of this.#opened.splice(0)) each.close();
  }
}

function resolveName(name: string, from: string, label: string): string {
  if (name === '' || name.includes('\0') || protocol.test(name) || name.split('/').includes('..'))
    throw refused(label, `names ${name}, which is no plain path of a file beside it`);
  return resolve(dirname(from), name);
}

/** The path without symlinks; ImageError `input` if it leads nowhere. */
function resolveLinks(path: string, label: string): string {
  try {
    return decodeBytes(realpathSync(hostPath(path), { encoding: 'buffer' }));
  } catch (error) {
    const { message, code } = hostError(error, path, 'open');
    throw new ImageError('input', code, message, { location: { source: label } });
  }
}

function identityOf(fd: number): string {
  const { dev, ino } = fstatSync(fd, { bigint: true });
  return `${dev}:${ino}`;
}

function refused(label: string, what: string): ImageError {
  return new ImageError('input', 'host/refused-neighbour', `${label} ${what}: it is not opened`, {
    location: { source: label },
    remedy: 'keep all files of a disk in one folder, or make one file of them: qemu-img convert -O qcow2 IN OUT',
  });
}
