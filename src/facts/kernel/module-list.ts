/**
 * modules.builtin and modules.dep of depmod(8): one module file a line, in modules.dep followed by `:` and its dependencies
 * (not kept). The lists run to thousands of lines of which a run asks for a handful: the first question indexes the names,
 * and a module becomes an object when it is asked for.
 */
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
        const line = index.lines.get(name);
        if (line !== undefined) return makeModule(index, name, line);
      }
      return undefined;
    },
    names: () => [...new Set(names().flatMap(({ lines }) => [...lines.keys()]))],
  });
}

interface ListIndex {
  readonly list: ModuleList;
  /** Line, from 1, by canonical name. */
  readonly lines: ReadonlyMap<string, number>;
  /** Offset of each line in the text. */
  readonly starts: readonly number[];
}

function indexList(list: ModuleList): ListIndex {
  const { text } = list;
  const lines = new Map<string, number>();
  const starts: number[] = [];
  let colon = text.indexOf(':');
  for (let start = 0; start < text.length; ) {
    starts.push(start);
    const newline = text.indexOf('\n', start);
    const lineEnd = newline < 0 ? text.length : newline;
    if (colon >= 0 && colon < start) colon = text.indexOf(':', start);
    const path = text.slice(start, colon >= 0 && colon < lineEnd ? colon : lineEnd);
    const base = path.lastIndexOf('/') + 1;
    const suffix = path.indexOf('.ko', base);
    if (suffix > base) {
      const name = canonicalModuleName(path.slice(base, suffix));
      if (!lines.has(name)) lines.set(name, starts.length);
    }
    start = lineEnd + 1;
  }
  return { list, lines, starts };
}

function makeModule({ list, starts }: ListIndex, name: string, line: number): KernelModule {
  const { state } = list;
  const location = { ...list.location, line };
  if (state === 'builtin') return { name, state, location };
  const start = starts[line - 1] as number;
  const path = /[^:\n]*/y;
  path.lastIndex = start;
  const file = path.exec(list.text)?.[0] ?? '';
  return { name, state, file: file.startsWith('/') ? file : `${list.directory}/${file}`, location };
}
