/** A kernel's configuration as the build leaves it in /boot/config-<release>: `CONFIG_X=y`, `# CONFIG_X is not set`. */
import { createLazyTable, type Table } from '../../table.ts';

const prefix = '\nCONFIG_';

/**
 * Set options without the `CONFIG_` prefix; strings without their quotes. A later line wins. A configuration has ten thousand
 * options of which a run asks for a few dozen: each is searched for, which is native and skips most of the text. Who lists them
 * all (a diff) has them read once, and asks for each value then.
 */
export function parseKernelConfig(text: string): Table<string> {
  const body = `\n${text}`;
  let listed: ReadonlyMap<string, string> | undefined;
  return createLazyTable({
    find: (name) => (listed ? listed.get(name) : findOption(body, name)),
    names: () => {
      listed ??= listOptions(body);
      return [...listed.keys()];
    },
  });
}

function findOption(body: string, name: string): string | undefined {
  if (name === '' || name.includes('=')) return undefined;
  const key = `CONFIG_${name}=`;
  let start: number | undefined;
  for (let at = body.indexOf(key); at >= 0; at = body.indexOf(key, at + 1))
    if (body[at - 1] === '\n') start = at + key.length;
  if (start === undefined) return undefined;
  const newline = body.indexOf('\n', start);
  return unquote(body.slice(start, newline < 0 ? body.length : newline).trimEnd());
}

function listOptions(body: string): ReadonlyMap<string, string> {
  const options = new Map<string, string>();
  for (let at = body.indexOf(prefix); at >= 0; at = body.indexOf(prefix, at + 1)) {
    const newline = body.indexOf('\n', at + 1);
    const line = body.slice(at + prefix.length, newline < 0 ? body.length : newline);
    const equals = line.indexOf('=');
    if (equals > 0) options.set(line.slice(0, equals), unquote(line.slice(equals + 1).trimEnd()));
  }
  return options;
}

function unquote(value: string): string {
  if (value.length < 2 || !value.startsWith('"') || !value.endsWith('"')) return value;
  return value.slice(1, -1).replace(/\\(.)/g, '$1');
}
