/** Content that lies in extents: lists of them, in the order of their places in the content, with gaps of zeroes between. */
import { partitionPoint } from '../bytes/partition-point.ts';

/** Where an extent lies in the content. */
export interface Span {
  /** Byte offset. */
  readonly at: number;
  /** Bytes, more than 0. */
  readonly length: number;
}

/** Index of the last extent that begins at or before `offset`, -1 if there is none. */
export function lastStartingBy(extents: readonly Span[], offset: number): number {
  return partitionPoint(extents.length, (i) => (extents[i]?.at ?? 0) <= offset) - 1;
}

/** The first byte from `offset` on that lies in an extent, `size` if there is none. */
export function nextInExtents(extents: readonly Span[], offset: number, size: number): number {
  const index = lastStartingBy(extents, offset);
  const extent = extents[index];
  if (extent && offset < extent.at + extent.length) return offset;
  return Math.min(extents[index + 1]?.at ?? size, size);
}

/** Fills `target` with the content from `offset` on: `copy` puts what lies from `into` an extent on into a part of it. */
export function fillFromExtents<E extends Span>(
  extents: readonly E[],
  offset: number,
  target: Uint8Array,
  copy: (extent: E, into: number, part: Uint8Array) => void,
): void {
  target.fill(0);
  const end = offset + target.length;
  for (let index = Math.max(0, lastStartingBy(extents, offset)); ; index++) {
    const extent = extents[index];
    if (!extent || extent.at >= end) return;
    const from = Math.max(offset, extent.at);
    const to = Math.min(end, extent.at + extent.length);
    if (from < to) copy(extent, from - extent.at, target.subarray(from - offset, to - offset));
  }
}
