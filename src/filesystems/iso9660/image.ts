/** What all parts of the ISO 9660 reader share: the bytes, the volume, the budgets and what was noticed. */
import type { ByteSource } from '../../bytes/byte-source.ts';
import type { Diagnostic } from '../../diagnostic.ts';
import { ImageError } from '../../errors.ts';
import type { Limits } from '../../limits.ts';
import type { Volume } from './volume-descriptors.ts';

/** How names and attributes are kept. */
export type NameForm = 'rock-ridge' | 'joliet' | 'plain';

export class IsoImage {
  readonly source: ByteSource;
  readonly volume: Volume;
  readonly form: NameForm;
  /** Bytes of the system use area that are not Rock Ridge's (SUSP 5.3, LEN_SKP). */
  readonly skip: number;
  readonly limits: Limits;
  readonly diagnostics: Diagnostic[] = [];

  constructor(source: ByteSource, volume: Volume, form: NameForm, skip: number, limits: Limits) {
    this.source = source;
    this.volume = volume;
    this.form = form;
    this.skip = skip;
    this.limits = limits;
  }

  /** Bytes as they are stored, a view. Throws `corrupt` if they lie outside of the image. */
  read(offset: number, length: number, what: string): Uint8Array {
    if (offset + length <= this.source.size) return this.source.read(offset, length);
    throw this.corrupt('bad-place', `${what} of ${length} bytes at ${offset} lies outside of the image`, offset);
  }

  /** Once for each code: a hostile image could repeat one without end. */
  report(level: Diagnostic['level'], code: string, message: string, offset: number): void {
    if (this.diagnostics.some((diagnostic) => diagnostic.code === code)) return;
    this.diagnostics.push({ level, code, message, location: { source: this.source.label, offset } });
  }

  corrupt(code: string, message: string, offset: number): ImageError {
    return new ImageError('corrupt', `iso9660/${code}`, message, { location: { source: this.source.label, offset } });
  }
}
