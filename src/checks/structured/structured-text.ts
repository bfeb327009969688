/** Structured configuration as plain data: JSON, YAML, INI, environment files. YAML's parser is loaded when it is needed. */
import { loadEnvFile } from '../../facts/environment/env-file.ts';
import { createTable } from '../../table.ts';
import { parseIni } from './ini.ts';

export type StructuredFormat = 'json' | 'yaml' | 'ini' | 'env';

export type StructuredResult =
  | { readonly data: unknown }
  | { readonly problem: string; readonly line?: number; readonly column?: number };

/** The data, or what is wrong with the text and where. Total: any text has an answer. */
export async function parseStructured(text: string, format: StructuredFormat): Promise<StructuredResult> {
  if (format === 'ini') return { data: parseIni(text) };
  if (format === 'env') return parseEnvironment(text);
  if (format === 'json') return parseJson(text);
  const { parseYaml } = await import('./yaml.ts');
  return parseYaml(text);
}

function parseJson(text: string): StructuredResult {
  try {
    return { data: JSON.parse(text) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { problem: 'is not valid JSON' };
  }
}

/** systemd's reading; an assignment it would drop is a problem. */
function parseEnvironment(text: string): StructuredResult {
  const { refused, variables } = loadEnvFile(text);
  if (refused !== undefined) return { problem: `is refused as an environment file: ${refused}` };
  const odd = Object.values(variables).find(({ key }) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(key));
  if (odd) return { problem: `sets ${odd.key}, which is no name of a variable`, line: odd.line };
  return { data: createTable(Object.values(variables).map(({ key, value }) => [key, value] as const)) };
}

/** The value at a path of keys and indexes, undefined if there is none. */
export function dataAt(data: unknown, path: readonly (string | number)[]): unknown {
  let at: unknown = data;
  for (const part of path) {
    if (at === null || typeof at !== 'object' || !Object.hasOwn(at, part)) return undefined;
    at = (at as Readonly<Record<string | number, unknown>>)[part];
  }
  return at;
}
