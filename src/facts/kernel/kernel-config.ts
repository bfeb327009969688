/** A kernel's configuration as the build leaves it in /boot/config-<release>: `CONFIG_X=y`, `# CONFIG_X is not set`. */
import { createTable, type Table } from '../../table.ts';

/** Set options without the `CONFIG_` prefix; strings without their quotes. A later line wins. */
export function parseKernelConfig(text: string): Table<string> {
  const options = createTable<string>();
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    if (text.startsWith('CONFIG_', start)) {
      const line = text.slice(start + 'CONFIG_'.length, end).trimEnd();
      const equals = line.indexOf('=');
      if (equals > 0) options[line.slice(0, equals)] = unquote(line.slice(equals + 1));
    }
    start = end + 1;
  }
  return options;
}

function unquote(value: string): string {
  if (value.length < 2 || !value.startsWith('"') || !value.endsWith('"')) return value;
  return value.slice(1, -1).replace(/\\(.)/g, '$1');
}
