/** The fact `package-files`: dpkg's lists of files, hundreds of them, and its diversions (three lines each: from, to, package). */
import { damageFrom } from '../../diagnostic.ts';
import { asImageError } from '../../errors.ts';
import type { RootView } from '../../root/root-view.ts';
import { createTable } from '../../table.ts';
import type { FactContext, FactReader, FactResult, Gap } from '../fact.ts';
import { readPackagePaths } from './package-files.ts';
import type { Diversion, PackageFileList, PackageFilesFact } from './package-files-fact.ts';

export const packageFilesReader: FactReader<'package-files'> = {
  id: 'package-files',
  title: 'files of each installed package, as dpkg recorded them',
  reads: ['/var/lib/dpkg/info/*.list', '/var/lib/dpkg/diversions'],
  needs: ['packages'],
  read: readPackageFiles,
};

/** Where dpkg keeps its records in this image; undefined if it has none. */
export function findRecords(context: FactContext): string | undefined {
  const { database, databaseLocation } = context.get('packages').value;
  if (!database.startsWith('dpkg')) return undefined;
  return databaseLocation?.path?.replace(/\/[^/]*$/, '');
}

function readPackageFiles(view: RootView, context: FactContext): FactResult<PackageFilesFact> {
  const { value: installed, gaps: before } = context.get('packages');
  const gaps: Gap[] = [...before];
  const folder = findRecords(context);
  const lists = installed.packages.flatMap((one): PackageFileList[] => {
    const { name, architecture, status } = one;
    if (folder === undefined || status.endsWith(' config-files')) return [];
    const location = view.locate(`${folder}/info/${name}.list`);
    try {
      const paths = readPackagePaths(view, folder, one);
      return paths ? [{ name, architecture, paths, location }] : [];
    } catch (thrown) {
      gaps.push({ cause: { location, ...damageFrom(asImageError(thrown)) }, keys: [name] });
      return [];
    }
  });
  const diversions = createTable<Diversion>();
  try {
    const lines = (folder === undefined ? '' : (view.readText(`${folder}/diversions`) ?? '')).split('\n');
    for (let i = 0; i + 2 < lines.length; i += 3) {
      const [from = '', to = '', by = ''] = lines.slice(i, i + 3);
      diversions[from] = { to, by };
    }
  } catch (thrown) {
    gaps.push({ cause: damageFrom(asImageError(thrown)) });
  }
  return { value: { lists, diversions }, diagnostics: gaps.map(({ cause }) => cause), gaps };
}
