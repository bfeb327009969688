/** The fact `directory`: what lies in a directory, its names only. */
import { damageFrom } from '../../diagnostic.ts';
import { asImageError } from '../../errors.ts';
import type { RootView } from '../../root/root-view.ts';
import type { FactContext, FactReader, FactResult } from '../fact.ts';
import type { DirectoryFact } from './directory-fact.ts';

export const directoryReader: FactReader<'directory'> = {
  id: 'directory',
  title: 'The names in a directory',
  reads: ['any directory asked for'],
  needs: [],
  read: readDirectory,
};

function readDirectory(view: RootView, _context: FactContext, path: string): FactResult<DirectoryFact> {
  const location = view.locate(path);
  const base = { path, entries: [], location };
  try {
    const listed = view.list(path);
    if (!listed) return { value: { ...base, state: 'missing' }, diagnostics: [], gaps: [] };
    const folder = location.path === '/' || location.path === undefined ? '' : location.path;
    const entries = listed.map(({ name, type }) => ({
      name,
      type,
      location: { source: location.source, path: `${folder}/${name}` },
    }));
    return { value: { ...base, state: 'present', entries }, diagnostics: [], gaps: [] };
  } catch (thrown) {
    const cause = { location, ...damageFrom(asImageError(thrown)) };
    return { value: { ...base, state: 'unreadable' }, diagnostics: [cause], gaps: [{ cause, keys: [path] }] };
  }
}
