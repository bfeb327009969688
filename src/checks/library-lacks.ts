/** What keeps a program from starting although its file is there: interpreter, libraries, versions of symbols. */
import { librariesKey } from '../facts/libraries/libraries-fact.ts';
import type { Evidence, FactLookup } from './check.ts';
import { at } from './verdict.ts';

export interface LibraryLack {
  /** What is missing or unfit: a file, a library, a version. */
  readonly subject: string;
  /** Path of the object that asks for it. */
  readonly by: string;
  /** One sentence. */
  readonly message: string;
  readonly evidence: readonly Evidence[];
}

/** Lacks of one program and of what it loads, in the order they would be met. The check needs the fact `libraries`. */
export function findLibraryLacks(facts: FactLookup, path: string, libraryPath?: string): readonly LibraryLack[] {
  const { programs, broken } = facts.get('libraries', librariesKey(path, libraryPath));
  const lacks = programs
    .flatMap(({ problems }) => problems)
    .map(({ subject, by, message, location, found, searched = [] }) => ({
      subject,
      by,
      message,
      evidence: [
        ...(searched.length > 0 ? [at(location, 'at', `looks into ${searched.join(', ')}`)] : [at(location)]),
        ...(found ? [at(found, 'found')] : []),
      ],
    }));
  if (!broken) return lacks;
  return [{ subject: broken.subject, by: path, message: broken.message, evidence: [at(broken.location)] }, ...lacks];
}
