/** The fact `package-sums`: every file that dpkg recorded an MD5 of, hashed again. Reads most of what the image holds. */
import { createHash } from 'node:crypto';
import type { ByteSource } from '../../bytes/byte-source.ts';
import { damageFrom } from '../../diagnostic.ts';
import { asImageError } from '../../errors.ts';
import type { RootView } from '../../root/root-view.ts';
import type { FactContext, FactReader, FactResult, Gap } from '../fact.ts';
import { readPackageSums } from './package-files.ts';
import { findRecords } from './package-files-reader.ts';
import type { ChangedFile, PackageSumsFact } from './package-sums-fact.ts';

const CHUNK = 1024 * 1024;

export const packageSumsReader: FactReader<'package-sums'> = {
  id: 'package-sums',
  title: 'files that differ from what their package installed',
  reads: ['/var/lib/dpkg/info/*.md5sums', '/**'],
  needs: ['packages', 'package-files'],
  read: readSums,
};

function readSums(view: RootView, context: FactContext): FactResult<PackageSumsFact> {
  const folder = findRecords(context);
  const lists = context.get('package-files');
  const gaps: Gap[] = [...lists.gaps];
  const changed: ChangedFile[] = [];
  let files = 0;
  const guard = (key: string, act: () => void): void => {
    try {
      act();
    } catch (thrown) {
      gaps.push({ cause: { location: view.locate(key), ...damageFrom(asImageError(thrown)) }, keys: [key] });
    }
  };
  for (const one of folder === undefined ? [] : lists.value.lists)
    guard(one.name, () => {
      for (const [path, recorded] of readPackageSums(view, folder ?? '', one) ?? [])
        guard(path, () => {
          const diversion = lists.value.diversions[path];
          const at = diversion && diversion.by !== one.name ? diversion.to : path;
          const found = view.find(at);
          if (found?.fileSystem.stat(found.node).type !== 'file') return;
          const sum = hashSource(found.fileSystem.open(found.node, view.sourceLabel(found)));
          files += 1;
          if (sum !== recorded)
            changed.push({ path, package: one.name, recorded, found: sum, location: view.locate(at) });
        });
    });
  return { value: { changed, files }, diagnostics: gaps.map(({ cause }) => cause), gaps };
}

function hashSource(source: ByteSource): string {
  const hash = createHash('md5');
  for (let at = 0; at < source.size; at += CHUNK) hash.update(source.read(at, Math.min(CHUNK, source.size - at)));
  return hash.digest('hex');
}
