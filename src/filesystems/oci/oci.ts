/**
 * Archives of container images: oci-archive (a tar of an OCI layout) and docker-archive (`docker save`). Told by the names of
 * their members, of which the first one rules out every other tar archive.
 */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { asImageError } from '../../errors.ts';
import { defaultLimits } from '../../limits.ts';
import type { FileSystem, FileSystemFormat, OpenOptions } from '../file-system.ts';
import { MemberReader } from '../tar/members.ts';
import { tar } from '../tar/tar.ts';

/** First components that an image's own archive may begin with. */
const firstNames = /^(?:blobs|oci-layout|index\.json|manifest\.json|repositories|[0-9a-f]{64}(?:\.tar|\.json)?)$/;
/** An image has a few files for each layer. */
const MAX_MEMBERS = 10_000;

export const oci: FileSystemFormat = {
  id: 'oci',
  name: 'container image (OCI archive, docker archive)',

  detect: (source) => tar.detect(source) && isImageArchive(source),

  async open(source, options) {
    const [{ openOci }, { TarFileSystem }] = await Promise.all([
      import('./open-oci.ts'),
      import('../tar/tar-file-system.ts'),
    ]);
    return openOci(new TarFileSystem(source, options.limits), options);
  },
};

/** Whether a tree is the layout of a container image, as skopeo and umoci keep it in a folder. */
export function isOciLayout(folder: FileSystem): boolean {
  return ['oci-layout', 'index.json'].every((name) => folder.lookup(folder.root, name) !== undefined);
}

/** The root of the image in a layout, which is closed with it. */
export async function openOciLayout(folder: FileSystem, options: OpenOptions): Promise<FileSystem> {
  const { openOci } = await import('./open-oci.ts');
  return openOci(folder, options);
}

function isImageArchive(source: ByteSource): boolean {
  const names = new Set<string>();
  const reader = new MemberReader(source, defaultLimits);
  try {
    for (let count = 0; count < MAX_MEMBERS; count++) {
      const member = reader.next();
      if (!member) break;
      const name = member.path.replace(/^(?:\.\/)+/, '').replace(/\/$/, '');
      if (name === '' || name === '.') continue;
      if (names.size === 0 && !firstNames.test(name.split('/', 1)[0] ?? '')) return false;
      names.add(name);
    }
  } catch (thrown) {
    asImageError(thrown);
  }
  return (names.has('oci-layout') && names.has('index.json')) || names.has('manifest.json');
}
