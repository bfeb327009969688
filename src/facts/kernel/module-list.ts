/**
 * modules.builtin and modules.dep of depmod(8): one module file a line, in modules.dep followed by `:` and its dependencies. The lists
 * run to thousands of lines of which a run asks for a handful: the first question by a name alone indexes them.
 */
import { partitionPoint } from '../../bytes/partition-point.ts';
import type { Location } from '../../location.ts';
import { canonicalModuleName } from './module-name.ts';

/** A line of either list: a path, and in modules.dep what it depends on behind a colon. */
const moduleLine = /^(?:[^:\n]*\/)?([^/:\n]+?)\.ko[^:\n]*/gm;

export class ModuleList {
  readonly #text: string;
  readonly #location: Location;
  /** Offset of the first line of a module, by canonical name. */
  #starts: ReadonlyMap<string, number> | undefined;
  /** Offset of each line; made when the place of the first is asked for. */
  #lines: readonly number[] | undefined;

  constructor(text: string, location: Location) {
    this.#text = text;
    this.#location = location;
  }

  /** Canonical, in the order of the lines. */
  names(): Iterable<string> {
    return this.#index().keys();
  }

  /** Offset of the line of a module, by its canonical name. `file`, as modules.dep has it, spares the index. */
  find(name: string, file?: string): number | undefined {
    if (file === undefined || this.#starts) return this.#index().get(name);
    if (this.#text.startsWith(`${file}:`)) return 0;
    const before = this.#text.indexOf(`\n${file}:`);
    return before < 0 ? undefined : before + 1;
  }

  lineAt(start: number): string {
    const newline = this.#text.indexOf('\n', start);
    return this.#text.slice(start, newline < 0 ? this.#text.length : newline);
  }

  locate(start: number): Location {
    this.#lines ??= lineStarts(this.#text);
    const lines = this.#lines;
    return { ...this.#location, line: partitionPoint(lines.length, (i) => (lines[i] as number) <= start) };
  }

  #index(): ReadonlyMap<string, number> {
    if (this.#starts) return this.#starts;
    const starts = new Map<string, number>();
    for (const match of this.#text.matchAll(moduleLine)) {
      const name = canonicalModuleName(match[1] as string);
      if (!starts.has(name)) starts.set(name, match.index);
    }
    this.#starts = starts;
    return starts;
  }
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
