/** A kernel's configuration as the build leaves it in /boot/config-<release>: `CONFIG_X=y`, `# CONFIG_X is not set`. */
import { createLazyTable, type Table } from '../../table.ts';

const prefix = '\nCONFIG_';

/**
 * Set options without the `CONFIG_` prefix; strings without their quotes. A later line wins. A configuration has ten thousand
 * options of which a run asks for a few dozen: the first question indexes the lines, a value is cut out when it is asked for.
 */
export function parseKernelConfig(text: string): Table<string> {
  const body = `\n${text}`;
  let index: ReadonlyMap<string, number> | undefined;
  const starts = (): ReadonlyMap<string, number> => {
    index ??= indexOptions(body);
    return index;
  };
  return createLazyTable({
    find(name) {
      const start = starts().get(name);
      if (start === undefined) return undefined;
      const newline = body.indexOf('\n', start);
      return unquote(body.slice(start, newline < 0 ? body.length : newline).trimEnd());
    },
    names: () => [...starts().keys()],
  });
}

/** Where the value of each option starts in `body`. */
function indexOptions(body: string): ReadonlyMap<string, number> {
  const starts = new Map<string, number>();
  for (let at = body.indexOf(prefix); at >= 0; at = body.indexOf(prefix, at + 1)) {
    const name = at + prefix.length;
    const newline = body.indexOf('\n', name);
    const line = body.slice(name, newline < 0 ? body.length : newline);
    const equals = line.indexOf('=');
    if (equals > 0) starts.set(line.slice(0, equals), name + equals + 1);
  }
  return starts;
}

function unquote(value: string): string {
  if (value.length < 2 || !value.startsWith('"') || !value.endsWith('"')) return value;
  return value.slice(1, -1).replace(/\\(.)/g, '$1');
}
