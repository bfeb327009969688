/** The fact `usage`, from superblocks and allocation tables. Archives and read-only formats have no room to speak of. */
import { damageFrom } from '../../diagnostic.ts';
import { asImageError } from '../../errors.ts';
import type { FactReader, Gap } from '../fact.ts';
import type { MountedUsage } from './usage-fact.ts';

export const usageReader: FactReader<'usage'> = {
  id: 'usage',
  title: 'Room left in the mounted file systems',
  reads: ['superblocks and allocation tables of ext and FAT'],
  needs: [],
  read: (view) => {
    const mounts: MountedUsage[] = [];
    const gaps: Gap[] = [];
    for (const { path, fileSystem, node } of view.mounts) {
      // A bind mount shows a part of a file system that is mounted elsewhere.
      if (!fileSystem.usage || (node !== undefined && node !== fileSystem.root)) continue;
      const location = { source: fileSystem.label };
      try {
        mounts.push({ path, format: fileSystem.format, location, ...fileSystem.usage() });
      } catch (thrown) {
        gaps.push({ cause: { location, ...damageFrom(asImageError(thrown)) }, keys: [path] });
      }
    }
    return { value: { mounts }, diagnostics: gaps.map(({ cause }) => cause), gaps };
  },
};
