/**
 * The settings beside a dm-verity image (`.verity.env`): what veritysetup printed, its names in upper case, and the offset of the hash
 * tree. Isar's layers and OpenEmbedded's dm-verity classes write it alike.
 */
export interface VerityEnvironment {
  /** Lower-case hex. */
  readonly rootHash: string;
  /** Where the superblock of the tree lies in the image. */
  readonly hashOffset?: number;
}

/** Reads `ROOT_HASH` and `HASH_OFFSET` of lines `NAME=value`; undefined without a root hash. */
export function parseVerityEnvironment(text: string): VerityEnvironment | undefined {
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    const equals = line.indexOf('=');
    if (equals > 0)
      values.set(
        line.slice(0, equals).trim(),
        line
          .slice(equals + 1)
          .trim()
          .replaceAll('"', ''),
      );
  }
  const rootHash = values.get('ROOT_HASH')?.toLowerCase();
  if (rootHash === undefined || !/^[0-9a-f]+$/.test(rootHash)) return undefined;
  const offset = values.get('HASH_OFFSET') ?? values.get('DATA_SIZE') ?? '';
  return /^\d{1,15}$/.test(offset) ? { rootHash, hashOffset: Number(offset) } : { rootHash };
}
