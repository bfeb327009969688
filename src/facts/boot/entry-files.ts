/** The files that a boot entry names, found where its loader looks: on the file system the entry's paths lie on. */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { asImageError, type ImageError } from '../../errors.ts';
import type { Limits } from '../../limits.ts';
import { type Location, nestedLabel } from '../../location.ts';
import type { BootLine } from '../../root/boot-entries/boot-entry.ts';
import type { Device } from '../../root/layer.ts';
import { RootView } from '../../root/root-view.ts';
import { openPe } from '../../volumes/pe/pe-file.ts';
import type { EntryFile, InitrdFile, KernelFile } from './boot-fact.ts';
import { detectInitrdFormat } from './initrd-format.ts';
import { readKernelImage } from './kernel-image.ts';

const releaseInName = /^(?:vmlinuz|vmlinux|Image|linux|bzImage)-(\d.*)$/;

/** One file system of the image, alone, as a boot loader sees it. */
export class LoaderDisk {
  readonly #label: string;
  readonly #view: RootView | undefined;
  readonly #damage: ImageError | undefined;

  /** `label`: of the file system the entry's paths lie on. */
  constructor(label: string, devices: readonly Device[], limits: Limits) {
    this.#label = label;
    const device = devices.find((each) => each.label === label);
    if (device?.content.state === 'filesystem')
      this.#view = new RootView([{ path: '/', fileSystem: device.content.fileSystem }], limits);
    if (device?.content.state === 'unreadable') this.#damage = device.content.error;
  }

  /** The file a line names; `source` is its content, if it is there. */
  find(line: BootLine): { readonly file: EntryFile; readonly source?: ByteSource } {
    const path = `/${line.text.replaceAll('\\', '/').replace(/^\/+/, '')}`;
    const { section } = line;
    const named = { text: section === undefined ? line.text : nestedLabel(line.text, section), named: line.location };
    if (!this.#view) {
      const location: Location = { source: this.#label, path };
      if (this.#damage) return { file: { ...named, location, state: 'unreadable', reason: this.#damage.message } };
      return {
        file: { ...named, location, state: 'elsewhere', reason: `no file system of the image is ${this.#label}` },
      };
    }
    const location = this.#view.locate(path);
    try {
      const stat = this.#view.stat(path);
      if (!stat) return { file: { ...named, location, state: 'missing' } };
      if (stat.type !== 'file')
        return { file: { ...named, location, state: 'missing', reason: `it is a ${stat.type}, not a file` } };
      const source = this.#view.open(path);
      if (section !== undefined) return findSection(named, source, section, location);
      return { file: { ...named, location, state: 'present', size: stat.size }, source };
    } catch (thrown) {
      return { file: { ...named, location, state: 'unreadable', reason: asImageError(thrown).message } };
    }
  }

  findKernel(line: BootLine): KernelFile {
    const { file, source } = this.find(line);
    if (!source) return file;
    try {
      const content = readKernelImage(source);
      const name = releaseInName.exec(baseName(file.location.path ?? ''))?.[1];
      const release = content.release ?? (name === undefined ? undefined : { text: name, from: 'name' as const });
      return { ...file, ...content, ...(release ? { release } : {}) };
    } catch (thrown) {
      return { ...file, state: 'unreadable', reason: asImageError(thrown).message };
    }
  }

  findInitrd(line: BootLine): InitrdFile {
    const { file, source } = this.find(line);
    if (!source || source.size === 0) return file;
    try {
      return { ...file, format: detectInitrdFormat(source) };
    } catch (thrown) {
      return { ...file, state: 'unreadable', reason: asImageError(thrown).message };
    }
  }
}

/** A part of a unified kernel image. */
function findSection(
  named: Pick<EntryFile, 'text' | 'named'>,
  file: ByteSource,
  section: string,
  location: Location,
): { readonly file: EntryFile; readonly source?: ByteSource } {
  const source = openPe(file).sections.find(({ name }) => name === section)?.content;
  if (!source) return { file: { ...named, location, state: 'missing' } };
  const place = { source: source.label };
  return { file: { ...named, location: place, state: 'present', size: source.size }, source };
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
