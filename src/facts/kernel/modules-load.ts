/**
 * modules-load.d(5), as systemd-modules-load reads it: one name a line, comments `#` and `;`, the command line first. Names in
 * `rd.modules-load=` are loaded in the initrd already.
 */
import type { Location } from '../../location.ts';
import { maxLineLength, splitLines, stripBlanks } from '../conf-files/lines.ts';
import { isParameter, parseCommandLine } from './command-line.ts';
import type { ModuleRequest } from './kernel-fact.ts';
import { canonicalModuleName } from './module-name.ts';

/** The requests of one file. `file` is where the text lies. */
export function parseModulesLoad(text: string, file: Location): readonly ModuleRequest[] {
  const requests: ModuleRequest[] = [];
  for (const { text: raw, number } of splitLines(text)) {
    if (raw.length >= maxLineLength) break;
    const line = stripBlanks(raw);
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue;
    requests.push(makeRequest(line, 'modules-load.d', { ...file, line: number }));
  }
  return requests;
}

/** The requests of `modules-load=` and `rd.modules-load=`. */
export function parseModuleParameters(commandLine: string, location: Location): readonly ModuleRequest[] {
  return parseCommandLine(commandLine)
    .filter((word) => isParameter(word, 'modules_load') || isParameter(word, 'rd.modules_load'))
    .flatMap(({ value }) => value?.split(',') ?? [])
    .filter((name) => name !== '')
    .map((name) => makeRequest(name, 'command line', location));
}

function makeRequest(text: string, by: ModuleRequest['by'], location: Location): ModuleRequest {
  const name = canonicalModuleName(text);
  return { name, ...(name === text ? {} : { text }), by, location };
}
