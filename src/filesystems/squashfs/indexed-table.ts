/**
 * Tables with rows of one size, in metadata blocks that are found through a list of 64-bit places (kernel docs,
 * filesystems/squashfs, "Fragments", "Uids/gids", "Xattrs"). A row is read when it is asked for.
 */
import { Struct, u64le } from '../../bytes/struct.ts';
import { METADATA_SIZE, type MetadataReader } from './metadata.ts';

const PLACE = u64le(0);
const PLACE_SIZE = 8;

export class IndexedTable {
  readonly #metadata: MetadataReader;
  readonly #what: string;
  readonly #list: number | undefined;
  readonly #count: number;
  readonly #rowSize: number;

  /** `list` is where the places lie, undefined if the table is missing; `what` names a row in errors. */
  constructor(metadata: MetadataReader, what: string, list: number | undefined, count: number, rowSize: number) {
    this.#metadata = metadata;
    this.#what = what;
    this.#list = list;
    this.#count = count;
    this.#rowSize = rowSize;
  }

  /** Throws `corrupt` if there is no row `index`. */
  row(index: number): Struct {
    const { image } = this.#metadata;
    if (this.#list === undefined || index >= this.#count) {
      throw image.corrupt('bad-index', `there is no ${this.#what} ${index}, only ${this.#count}`, this.#list);
    }
    const at = index * this.#rowSize;
    const listed = this.#list + Math.floor(at / METADATA_SIZE) * PLACE_SIZE;
    const place = new Struct(image.read(listed, PLACE_SIZE, `the place of ${this.#what} ${index}`)).get(PLACE);
    return this.#metadata.cursor(place, at % METADATA_SIZE).struct(this.#rowSize);
  }
}
