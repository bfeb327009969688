/** What a script of U-Boot has set and loaded so far, and what is left of that where two ways meet again. */
import type { BootLine, BootPlace } from '../boot-entry.ts';
import { unknownValue, type Value } from './values.ts';

/** A file that was loaded; `place` is absent if the image has no such partition. */
export interface LoadedFile {
  readonly line: BootLine;
  readonly place: BootPlace | undefined;
  readonly unknown?: string;
}

export interface State {
  readonly variables: Map<string, Value>;
  readonly files: Map<string, LoadedFile>;
}

export function copyState({ variables, files }: State): State {
  return { variables: new Map(variables), files: new Map(files) };
}

/** What both ways agree on; a variable they differ in is not known. */
export function mergeStates(a: State, b: State): State {
  const variables = new Map<string, Value>();
  for (const name of new Set([...a.variables.keys(), ...b.variables.keys()])) {
    const [first, second] = [a.variables.get(name), b.variables.get(name)];
    variables.set(name, first && second && first.text === second.text ? first : unknownValue(name));
  }
  const files = new Map<string, LoadedFile>();
  for (const [address, file] of new Map([...a.files, ...b.files])) {
    const [first, second] = [a.files.get(address), b.files.get(address)];
    const same = first && second && first.line.text === second.line.text && first.place === second.place;
    files.set(address, same ? file : { ...file, unknown: file.unknown ?? address });
  }
  return { variables, files };
}
