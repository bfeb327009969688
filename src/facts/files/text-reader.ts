/** The fact `text`: the content of a configuration file, links followed. */
import { damageFrom } from '../../diagnostic.ts';
import { asImageError } from '../../errors.ts';
import type { RootView } from '../../root/root-view.ts';
import type { FactContext, FactReader, FactResult } from '../fact.ts';
import type { TextFact } from './text-fact.ts';

export const textReader: FactReader<'text'> = {
  id: 'text',
  title: 'The text of a file',
  reads: ['any path asked for'],
  needs: [],
  read: readText,
};

function readText(view: RootView, _context: FactContext, path: string): FactResult<TextFact> {
  const location = view.locate(path);
  const done = (value: Omit<TextFact, 'path' | 'location'>): FactResult<TextFact> => ({
    value: { path, ...value, location },
    diagnostics: [],
    gaps: [],
  });
  try {
    const text = view.readText(path);
    if (text !== undefined) return done({ state: 'present', text });
    const stat = view.stat(path);
    return done(stat ? { state: 'missing', reason: `it is a ${stat.type}, not a regular file` } : { state: 'missing' });
  } catch (thrown) {
    const error = asImageError(thrown);
    const cause = { location, ...damageFrom(error) };
    const unread = done({ state: 'unreadable', reason: error.message });
    return { ...unread, diagnostics: [cause], gaps: [{ cause, keys: [path] }] };
  }
}
