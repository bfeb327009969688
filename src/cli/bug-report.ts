/** The stack of a bug in terms of the sources: the built program is minified, and its maps lie beside it. */
import { existsSync, readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { fileURLToPath } from 'node:url';

const place = /(file:\/\/[^\s()]+\.c?js):(\d+):(\d+)/g;

/** `stack` with every place in a built file replaced by the place in the source it was made from, where that is known. */
export function readableStack(stack: string): string {
  const maps = new Map<string, SourceMap | undefined>();
  return stack.replace(place, (built, url: string, line: string, column: string) => {
    if (!maps.has(url)) maps.set(url, readMap(url));
    // Lines and columns of a stack count from 1, those of a map from 0.
    const entry = maps.get(url)?.findEntry(Number(line) - 1, Number(column) - 1);
    if (!entry || !('originalSource' in entry)) return built;
    const source = entry.originalSource.replace(/^(?:\.\.\/)+/, '');
    return `${source}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
  });
}

function readMap(url: string): SourceMap | undefined {
  const path = `${fileURLToPath(url)}.map`;
  return existsSync(path) ? new SourceMap(JSON.parse(readFileSync(path, 'utf8'))) : undefined;
}
