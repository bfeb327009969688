/** Opens a qcow2 disk: header, then a map from the disk's clusters to the file's, and a decoder for compressed ones. */
import type { ByteSource } from '../../bytes/byte-source.ts';
import type { BlockDecoder } from '../../bytes/codecs/blocks/block.ts';
import type { Limits } from '../../limits.ts';
import { VirtualDisk } from '../virtual-disk.ts';
import type { VolumeTable } from '../volume.ts';
import { ClusterMap } from './cluster-map.ts';
import { type Qcow2Header, readQcow2Header } from './header.ts';

/** ImageError if the header is damaged or needs what is not read; damage further in shows when it is read. */
export async function openQcow2(source: ByteSource, limits: Limits): Promise<VolumeTable> {
  const header = readQcow2Header(source);
  const map = new ClusterMap(source, header, await loadDecoder(header), limits);
  const disk = new VirtualDisk(source, map, header.size);
  return { format: 'qcow2', volumes: [{ name: '', source: disk }], diagnostics: header.diagnostics };
}

/** A decoder for one cluster, whatever follows in its last sector. */
async function loadDecoder({ compression }: Qcow2Header): Promise<BlockDecoder> {
  if (compression === 'zlib') return (await import('../../bytes/codecs/blocks/deflate.ts')).decodeDeflate;
  const { prepareZstdClusters } = await import('./zstd-cluster.ts');
  return prepareZstdClusters();
}
