/**
 * k3s configuration: config.yaml and the *.yaml, *.yml of config.yaml.d in name order; a later key replaces an earlier one, `key+`
 * appends (docs.k3s.io, "Configuration File"). The parser is loaded only for an image that has such a file.
 */
import type { Alias, Document, Node, Pair, YAMLMap } from 'yaml';
import type { Location } from '../../location.ts';
import type { K3sProblem } from './k3s-fact.ts';
import { plainScalarText } from './plain-scalar.ts';

export type Yaml = typeof import('yaml');

export interface ConfigValue {
  readonly value: string;
  readonly location: Location;
}

export interface ConfigText {
  readonly path: string;
  readonly text: string;
  readonly location: Location;
}

export interface ConfigKeys {
  /** By key without `+`, in the order of first appearance; what was replaced beside it, latest first. */
  readonly keys: ReadonlyMap<
    string,
    { readonly values: readonly ConfigValue[]; readonly beats: readonly ConfigValue[] }
  >;
  readonly problems: readonly K3sProblem[];
}

/** Nesting of a file: flags and lists need two levels. */
const MAX_DEPTH = 64;
const MAX_TEXT = 1 << 16;
/** Finding what an alias names takes a walk over the file. */
const MAX_ALIASES = 100;

/** The keys of all files together. A file that is no map of keys is a problem that stops k3s, and gives none. */
export function parseConfigFiles(files: readonly ConfigText[], yaml: Yaml): ConfigKeys {
  const keys = new Map<string, { values: readonly ConfigValue[]; beats: readonly ConfigValue[] }>();
  const problems: K3sProblem[] = [];
  for (const file of files) {
    const parsed = parseOne(file, yaml);
    problems.push(...parsed.problems);
    for (const { key, isAppended, values } of parsed.entries) {
      const before = keys.get(key);
      if (!before) keys.set(key, { values, beats: [] });
      else if (isAppended) keys.set(key, { ...before, values: [...before.values, ...values] });
      else keys.set(key, { values, beats: [...[...before.values].reverse(), ...before.beats] });
    }
  }
  return { keys, problems };
}

interface Entry {
  readonly key: string;
  readonly isAppended: boolean;
  readonly values: readonly ConfigValue[];
}

function parseOne(file: ConfigText, yaml: Yaml): { entries: readonly Entry[]; problems: readonly K3sProblem[] } {
  const refuse = (message: string, line?: number, column?: number): K3sProblem => ({
    kind: 'bad-config',
    subject: file.path,
    message,
    effect: 'refused',
    location: {
      ...file.location,
      ...(line === undefined ? {} : { line }),
      ...(column === undefined ? {} : { column }),
    },
  });
  if (file.text.length > MAX_TEXT || isNestedTooDeep(file.text))
    return { entries: [], problems: [refuse('too large or too deeply nested for a configuration of k3s')] };
  const lines = new yaml.LineCounter();
  // Plain scalars are resolved here as k3s's parser does; of several documents that one reads the first.
  const options = {
    schema: 'failsafe',
    uniqueKeys: false,
    lineCounter: lines,
    prettyErrors: false,
    logLevel: 'silent',
  } as const;
  const document = yaml.parseAllDocuments(file.text, options)[0];
  if (!document) return { entries: [], problems: [] };
  const error = document.errors[0];
  if (error) {
    const { line, col } = lines.linePos(error.pos[0]);
    return { entries: [], problems: [refuse(`not YAML: ${error.message}`, line, col)] };
  }
  const alias = findBadAlias(document, yaml);
  if (alias) {
    const { line, col } = lines.linePos(alias.range?.[0] ?? 0);
    return { entries: [], problems: [refuse(`not YAML: nothing is named by *${alias.source}`, line, col)] };
  }
  const { contents } = document;
  if (contents === null || (yaml.isScalar(contents) && textOf(contents, yaml) === ''))
    return { entries: [], problems: [] };
  if (!yaml.isMap(contents)) return { entries: [], problems: [refuse('not a map of keys to values', 1)] };
  const at = (node: unknown): Location => {
    const offset = yaml.isNode(node) ? node.range?.[0] : undefined;
    return offset === undefined ? file.location : { ...file.location, line: lines.linePos(offset).line };
  };
  return { entries: readEntries(contents as YAMLMap, document, yaml, at), problems: [] };
}

/** An alias that names nothing, or the first one too many. */
function findBadAlias(document: Document.Parsed, yaml: Yaml): Alias | undefined {
  let bad: Alias | undefined;
  let count = 0;
  yaml.visit(document, {
    Alias: (_key, node) => {
      count++;
      if (count <= MAX_ALIASES && node.resolve(document as unknown as Document<Node>)) return undefined;
      bad = node;
      return yaml.visit.BREAK;
    },
  });
  return bad;
}

function readEntries(
  map: YAMLMap,
  document: Document.Parsed,
  yaml: Yaml,
  at: (node: unknown) => Location,
): readonly Entry[] {
  const followed = (node: unknown): unknown =>
    yaml.isAlias(node) ? (node as Alias).resolve(document as unknown as Document<Node>) : node;
  return map.items.map((pair: Pair) => {
    const written = textOf(pair.key, yaml);
    const value = followed(pair.value);
    const items = yaml.isSeq(value) ? value.items : [value];
    return {
      key: written.replace(/\+$/, ''),
      isAppended: written.endsWith('+'),
      values: items.map((item) => ({
        value: textOf(followed(item), yaml),
        location: at(item ?? pair.key),
      })),
    };
  });
}

/** A value as k3s turns it into a flag's text. A map or list inside is no value of any flag: its source stands for it. */
function textOf(node: unknown, yaml: Yaml): string {
  if (!yaml.isScalar(node)) return yaml.isNode(node) ? node.toString().trim() : '';
  const text = typeof node.value === 'string' ? node.value : '';
  return node.type === 'PLAIN' && node.tag === undefined ? plainScalarText(text) : text;
}

const nestedLists = new RegExp(`^(?:[ \\t]*[-?] ){${MAX_DEPTH}}`, 'm');

/** Whether brackets or list dashes open too many levels: counted before the parser recurses into them. */
function isNestedTooDeep(text: string): boolean {
  let open = 0;
  for (const character of text) {
    if (character === '[' || character === '{') open++;
    else if (character === ']' || character === '}') open--;
    if (open > MAX_DEPTH) return true;
  }
  return nestedLists.test(text);
}
