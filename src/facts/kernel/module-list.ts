/**
 * modules.builtin and modules.dep of depmod(8): one module file a line, in modules.dep followed by `:` and its dependencies. The lists run to thousands of lines of which a run asks for a handful: the first question indexes the names,
 * and a module becomes an object when it is asked for.
 */
import { partitionPoint } from '../../bytes/partition-point.ts';
import type { Location } from '../../location.ts';
import { createLazyTable, type Table } from '../../table.ts';
import type { KernelModule } from './kernel-fact.ts';
import { canonicalModuleName } from './module-name.ts';

export interface ModuleList {
  readonly text: string;
  readonly state: KernelModule['state'];
  readonly location: Location;
  /** View path where the paths in the list start. */
  readonly directory: string;
}

/** The modules of some lists by canonical name; an earlier list, then an earlier line, counts first. */
export function createModuleTable(lists: readonly ModuleList[]): Table<KernelModule> {
  let indexes: readonly ListIndex[] | undefined;
  const names = (): readonly ListIndex[] => {
    indexes ??= lists.map(indexList);
    return indexes;
  };
  return createLazyTable({
    find(name) {
      for (const index of names()) {
        const start = index.starts.get(name);
        if (start !== undefined) return makeModule(index, name, start);
      }
      return undefined;
    },
    names: () => [...new Set(names().flatMap(({ starts }) => [...starts.keys()]))],
  });
}

/** A line of either list: a path, and in modules.dep what it depends on behind a colon. */
const moduleLine = /^(?:[^:\n]*\/)?([^/:\n]+?)\.ko[^:\n]*/gm;

interface ListIndex {
  readonly list: ModuleList;
  /** Offset of the line, by canonical name. */
  readonly starts: ReadonlyMap<string, number>;
  /** Offset of each line in the text; made when the first module of the list is asked for. */
  lines?: readonly number[];
}

function indexList(list: ModuleList): ListIndex {
  const starts = new Map<string, number>();
  for (const match of list.text.matchAll(moduleLine)) {
    const name = canonicalModuleName(match[1] as string);
    if (!starts.has(name)) starts.set(name, match.index);
  }
  return { list, starts };
}

function makeModule(index: ListIndex, name: string, start: number): KernelModule {
  const { state, text, directory, location: listed } = index.list;
  index.lines ??= lineStarts(text);
  const location = { ...listed, line: lineAt(index.lines, start) };
  if (state === 'builtin') return { name, state, location };
  const newline = text.indexOf('\n', start);
  const line = text.slice(start, newline < 0 ? text.length : newline);
  const colon = line.indexOf(':');
  const viewPath = (file: string): string => (file.startsWith('/') ? file : `${directory}/${file}`);
  const needed = colon < 0 ? [] : line.slice(colon + 1).split(' ');
  return {
    name,
    state,
    file: viewPath(colon < 0 ? line : line.slice(0, colon)),
    dependencies: needed.filter((one) => one !== '').map(viewPath),
    location,
  };
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** Number, from 1, of the line that starts at an offset. */
function lineAt(starts: readonly number[], offset: number): number {
  return partitionPoint(starts.length, (i) => (starts[i] as number) <= offset);
}
