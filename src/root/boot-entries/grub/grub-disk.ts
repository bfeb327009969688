/**
 * The devices of the image as GRUB names them: `(hd0,gpt2)`, `(hd0,msdos1)`, `(hd0)`; any partition is found by its number.
 * `search` answers what GRUB would find when this image is the only disk.
 */
import { findDevice } from '../../device-name.ts';
import type { Device } from '../../layer.ts';
import type { BootPlace } from '../boot-entry.ts';

export interface GrubPath {
  /** Absent if the device is not in the image or its files cannot be read. */
  readonly place: BootPlace | undefined;
  /** Absolute, inside that device. */
  readonly path: string;
}

export class GrubDisk {
  readonly #places: readonly BootPlace[];

  constructor(places: readonly BootPlace[]) {
    this.#places = places;
  }

  /** `hd0,gpt2` for a device; without partition table `hd0`. */
  nameOf({ partition }: Device): string {
    if (!partition) return 'hd0';
    return `hd0,${partition.table === 'gpt' ? 'gpt' : 'msdos'}${partition.number}`;
  }

  /** Splits `(hd0,gpt2)/boot/x`; a path without a device lies on `root`. */
  parsePath(text: string, root: string): GrubPath {
    const named = /^\(([^)]*)\)(.*)$/s.exec(text);
    const path = named?.[2] ?? text;
    return { place: this.#find(named?.[1] ?? root), path: path.startsWith('/') ? path : `/${path}` };
  }

  /** The device with this UUID, label or file; undefined if there is none. */
  search(by: 'uuid' | 'label' | 'file', value: string): Device | undefined {
    const devices = this.#places.map(({ device }) => device);
    if (by === 'file') return this.#places.find(({ view }) => view.exists(value) === 'yes')?.device;
    const wanted = by === 'uuid' ? value.toLowerCase() : value;
    return findDevice({ by, value: wanted, offset: 0 }, devices);
  }

  #find(name: string): BootPlace | undefined {
    const number = /,(?:gpt|msdos)?(\d{1,3})$/.exec(name)?.[1];
    return this.#places.find(({ device }) => {
      const own = device.partition?.number;
      return number === undefined ? own === undefined : own === Number(number);
    });
  }
}
