/**
 * Opens a qcow2 disk: its header and those of the disks below it, then for each a map from the disk's clusters to the file's, and a
 * decoder for compressed ones.
 */
import type { ByteSource } from '../../bytes/byte-source.ts';
import type { BlockDecoder } from '../../bytes/codecs/blocks/block.ts';
import type { Diagnostic } from '../../diagnostic.ts';
import type { Limits } from '../../limits.ts';
import { VirtualDisk } from '../virtual-disk.ts';
import type { VolumeTable } from '../volume.ts';
import { openBackingChain } from './backing-chain.ts';
import { ClusterMap } from './cluster-map.ts';
import type { Qcow2Header } from './header.ts';

/** ImageError if a header is damaged or needs what is not read; damage further in shows when it is read. */
export async function openQcow2(source: ByteSource, limits: Limits): Promise<VolumeTable> {
  const { disks, raw } = openBackingChain(source, limits);
  const cacheBytes = limits.cacheBytes / disks.length;
  const diagnostics: Diagnostic[] = [];
  let below = raw;
  for (const { source: file, header } of [...disks].reverse()) {
    const map = new ClusterMap(file, header, await loadDecoder(header), { ...limits, cacheBytes });
    if (below) diagnostics.unshift(noticeBacking(file, below));
    diagnostics.unshift(...header.diagnostics);
    below = new VirtualDisk(file, map, header.size, below);
  }
  const volumes = below ? [{ name: '', source: below }] : [];
  return { format: 'qcow2', volumes, diagnostics };
}

function noticeBacking({ label }: ByteSource, below: ByteSource): Diagnostic {
  const message = `what ${label} leaves out is read from its backing file ${below.label}`;
  return { level: 'note', code: 'qcow2/backing-file', message, location: { source: label } };
}

/** A decoder for one cluster, whatever follows in its last sector. */
async function loadDecoder({ compression }: Qcow2Header): Promise<BlockDecoder> {
  if (compression === 'zlib') return (await import('../../bytes/codecs/blocks/deflate.ts')).decodeDeflate;
  const { prepareZstdClusters } = await import('./zstd-cluster.ts');
  return prepareZstdClusters();
}
