/** An opened tar archive: the index is built once from the headers. */
import type { ByteSource } from '../../bytes/byte-source.ts';
import type { Limits } from '../../limits.ts';
import { ArchiveTree } from '../archive-tree.ts';
import { MemberFileSystem } from './member-file-system.ts';
import { MemberReader, type TarMember } from './members.ts';

export class TarFileSystem extends MemberFileSystem {
  /** Reads all headers; ImageError if the archive is cut off, a header is damaged or a limit is passed. */
  constructor(source: ByteSource, limits: Limits) {
    const { label } = source;
    const tree = new ArchiveTree<TarMember>('tar', label, limits);
    const reader = new MemberReader(source, limits);
    for (let member = reader.next(); member; member = reader.next()) tree.place(member);
    super({
      format: 'tar',
      label,
      volumeLabel: reader.volumeLabel,
      root: tree.unwrap('rootfs'),
      tree,
      diagnostics: [...reader.diagnostics, ...tree.diagnostics()],
      limits,
      archiveOf: () => source,
    });
  }
}
