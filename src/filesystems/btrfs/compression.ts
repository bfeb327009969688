/**
 * The compression algorithms of btrfs by number. LZO comes in pieces of a sector each, with their lengths; a length never
 * crosses the end of a sector (kernel, fs/btrfs/lzo.c).
 */
import { type BlockDecoder, badBlock } from '../../bytes/codecs/blocks/block.ts';
import { decodeZlib } from '../../bytes/codecs/blocks/deflate.ts';
import { decodeLzo } from '../../bytes/codecs/blocks/lzo.ts';

const LZO_LENGTH = 4;

/** The decoder of an algorithm, undefined for a number none has. */
export type ChooseDecoder = (compression: number) => BlockDecoder | undefined;

export async function loadDecoders(sectorSize: number, needsZstd: boolean): Promise<ChooseDecoder> {
  const zstd = needsZstd ? await (await import('../../bytes/codecs/blocks/zstd.ts')).prepareZstdBlocks() : undefined;
  const decoders = [undefined, decodeZlib, decodeLzoPieces(sectorSize), zstd];
  return (compression) => decoders[compression];
}

function decodeLzoPieces(sectorSize: number): BlockDecoder {
  return (input, maxOutput) => {
    const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
    const output = new Uint8Array(maxOutput);
    if (input.length < LZO_LENGTH) throw badBlock('lzo', 'it is cut off');
    const end = view.getUint32(0, true);
    if (end > input.length) throw badBlock('lzo', `it has ${end} bytes of ${input.length}`);
    let size = 0;
    for (let at = LZO_LENGTH; at < end; ) {
      const left = sectorSize - (at % sectorSize);
      if (left < LZO_LENGTH) at += left;
      if (at + LZO_LENGTH > end) break;
      const length = view.getUint32(at, true);
      at += LZO_LENGTH;
      if (length > end - at) throw badBlock('lzo', 'a piece is cut off');
      const piece = decodeLzo(input.subarray(at, at + length), sectorSize);
      if (piece.length > maxOutput - size) throw badBlock('lzo', `it expands to more than ${maxOutput} bytes`);
      output.set(piece, size);
      size += piece.length;
      at += length;
    }
    return output.subarray(0, size);
  };
}
