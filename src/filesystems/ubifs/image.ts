/** What all parts of the UBIFS reader share: the bytes by logical erase block, the budgets and what was noticed. */
import type { ByteSource } from '../../bytes/byte-source.ts';
import type { Diagnostic } from '../../diagnostic.ts';
import { ImageError } from '../../errors.ts';
import type { Limits } from '../../limits.ts';
import type { NodePlace } from './node.ts';

export class UbifsImage {
  readonly source: ByteSource;
  readonly limits: Limits;
  /** Bytes of a logical erase block. */
  readonly lebSize: number;
  readonly diagnostics: Diagnostic[] = [];

  constructor(source: ByteSource, limits: Limits, lebSize: number) {
    this.source = source;
    this.limits = limits;
    this.lebSize = lebSize;
  }

  corrupt(code: string, message: string, place?: Pick<NodePlace, 'leb' | 'offset'>): ImageError {
    return new ImageError('corrupt', `ubifs/${code}`, message, { location: this.#locate(place) });
  }

  unsupported(code: string, message: string): ImageError {
    return new ImageError('unsupported', `ubifs/${code}`, message, { location: this.#locate() });
  }

  note(level: Diagnostic['level'], code: string, message: string, place: Pick<NodePlace, 'leb' | 'offset'>): void {
    this.diagnostics.push({ level, code: `ubifs/${code}`, message, location: this.#locate(place) });
  }

  #locate(place?: Pick<NodePlace, 'leb' | 'offset'>): { source: string; offset?: number } {
    const { label } = this.source;
    return place ? { source: label, offset: place.leb * this.lebSize + place.offset } : { source: label };
  }
}
