/**
 * Whether a place in an image belongs to a package: it is the package's record, a file that dpkg's list of the package names,
 * or it lies in the package's store path. What cannot be read belongs to nobody.
 */
import type { BelongsTo } from '../checks/waivers/waiver-scope.ts';
import { asImageError } from '../errors.ts';
import type { FactStore } from '../facts/fact-store.ts';
import { readPackagePaths } from '../facts/packages/package-files.ts';
import type { InstalledPackage } from '../facts/packages/packages-fact.ts';
import type { RootView } from '../root/root-view.ts';

export async function packagePlaces(view: RootView, facts: FactStore): Promise<BelongsTo> {
  await facts.prepare(['packages']);
  const { packages, database, databaseLocation } = facts.get('packages').value;
  const folder = databaseLocation?.path?.replace(/\/[^/]*$/, '') ?? '/var/lib/dpkg';
  const lists = new Map<InstalledPackage, ReadonlySet<string>>();
  const listOf = (one: InstalledPackage): ReadonlySet<string> => {
    const known = lists.get(one) ?? readList(view, folder, one);
    lists.set(one, known);
    return known;
  };
  return ({ source, path, line }, name) =>
    path !== undefined &&
    packages
      .filter((one) => one.name === name)
      .some((one) => {
        const { location } = one;
        if (location.source === source && location.path === path && location.line === line) return true;
        if (database === 'nix') return path.startsWith(`${location.path}/`);
        return database === 'dpkg' && listOf(one).has(mergedPath(path));
      });
}

function readList(view: RootView, folder: string, one: InstalledPackage): ReadonlySet<string> {
  try {
    return new Set((readPackagePaths(view, folder, one) ?? []).map(mergedPath));
  } catch (thrown) {
    asImageError(thrown);
    return new Set();
  }
}

/** Lists name `/lib/x` where a merged image has `/usr/lib/x`. */
function mergedPath(path: string): string {
  return path.replace(/^\/(?=(?:bin|sbin|lib(?:32|64|x32)?)\/)/, '/usr/');
}
