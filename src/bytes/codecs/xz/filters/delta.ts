/** The delta filter: each byte was stored as its difference to the one `distance` bytes before (xz-file-format.txt 5.3.3). */
import type { Conversion } from './filter.ts';

/** @param distance 1 to 256 */
export function createDelta(distance: number): Conversion {
  const history = new Uint8Array(distance);
  let at = 0;
  return (buffer) => {
    for (let i = 0; i < buffer.length; i++) {
      const value = ((buffer[i] as number) + (history[at] as number)) & 0xff;
      buffer[i] = value;
      history[at] = value;
      at = at + 1 === distance ? 0 : at + 1;
    }
    return buffer.length;
  };
}
