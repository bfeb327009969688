/** A run as text in a format of the registry. */
import type { RunResult } from '../checks/result.ts';
import { reporters } from './registry.ts';
import type { RenderOptions } from './reporter.ts';

/** Names of the formats. */
export function listFormats(): readonly string[] {
  return Object.keys(reporters);
}

/** Plain text without colours unless asked for. A format that does not exist is a TypeError. */
export async function render(
  run: RunResult,
  format: string,
  options: RenderOptions = { color: false },
): Promise<string> {
  const entry = Object.hasOwn(reporters, format) ? reporters[format] : undefined;
  if (!entry) throw new TypeError(`there is no report format ${format}`);
  return (await entry.load()).render(run, options);
}
