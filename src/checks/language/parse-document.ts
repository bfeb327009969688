/**
 * A YAML document (1.2, core schema) as JSON with the place of every key and value. Refused: several documents, duplicate
 * keys, keys that are not text, unknown tags, aliases of collections, more than 64 levels, more than 1 MiB.
 */
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  type YAMLError,
} from 'yaml';
import type { Location } from '../../location.ts';
import type { OptionValue } from '../contract.ts';
import { ContractError, type ContractProblem } from '../contract-error.ts';

export interface ParsedDocument {
  readonly value: OptionValue;
  /** Place of the value at a JSON pointer (`/checks/K3S-SVC-07/unit`), of its key where `ofKey` is asked for. */
  locate(pointer: string, ofKey?: boolean): Location;
}

const maxBytes = 1024 * 1024;
const maxDepth = 64;
const maxLineLength = 2000;
const maxOpenBrackets = 200;

/** Throws ContractError with everything that is wrong. `label` is what locations call the document. */
export function parseDocument(text: string, label: string): ParsedDocument {
  refuseExcess(text, label);
  const lines = new LineCounter();
  const options = { lineCounter: lines, prettyErrors: false, strict: true, uniqueKeys: true, version: '1.2' } as const;
  const documents = parseAllDocuments(text, options) as readonly Document.Parsed[];
  const problems: ContractProblem[] = [];
  const place = (offset: number): Location => {
    const { line, col } = lines.linePos(offset);
    return { source: label, line, column: col };
  };
  for (const { errors, warnings } of documents) {
    for (const { message, pos } of telling([...errors, ...warnings]))
      problems.push({ message: firstSentence(message), location: place(pos[0]) });
  }
  const [document] = documents;
  if (document === undefined || document.contents === null)
    problems.push({ message: 'the document is empty', location: { source: label, line: 1, column: 1 } });
  if (documents[1]) problems.push({ message: 'more than one document', location: place(documents[1].range[0]) });
  if (problems.length > 0 || !document?.contents) throw new ContractError(problems);
  const walker = new Walker(document, place, problems);
  const value = walker.convert(document.contents, '', 0);
  if (problems.length > 0) throw new ContractError(problems);
  return { value, locate: (pointer, ofKey) => walker.locate(pointer, ofKey ?? false) };
}

/** Behind the first mistake of syntax a parser only stumbles on; each key that is there twice is a mistake of its own. */
function telling(problems: readonly YAMLError[]): readonly YAMLError[] {
  const first = problems.find(({ code }) => code !== 'DUPLICATE_KEY');
  return problems.filter((one) => one === first || (one.code === 'DUPLICATE_KEY' && !first));
}

/** Holds the text to what a recursive parser can take. */
function refuseExcess(text: string, label: string): void {
  const refuse = (message: string, line: number): never => {
    throw new ContractError([{ message, location: { source: label, line } }]);
  };
  if (text.length > maxBytes) refuse(`longer than ${maxBytes} characters`, 1);
  let open = 0;
  for (const [i, line] of text.split('\n').entries()) {
    if (line.length > maxLineLength) refuse(`a line longer than ${maxLineLength} characters`, i + 1);
    for (const letter of line) {
      if (letter === '[' || letter === '{') open++;
      else if ((letter === ']' || letter === '}') && open > 0) open--;
    }
    if (open > maxOpenBrackets) refuse(`more than ${maxOpenBrackets} brackets inside each other`, i + 1);
  }
}

const firstSentence = (message: string): string => message.replace(/ at line \d+, column \d+:?[\s\S]*$/, '');

class Walker {
  readonly #document: Document.Parsed;
  readonly #place: (offset: number) => Location;
  readonly #problems: ContractProblem[];
  readonly #values = new Map<string, number>();
  readonly #keys = new Map<string, number>();

  constructor(document: Document.Parsed, place: (offset: number) => Location, problems: ContractProblem[]) {
    this.#document = document;
    this.#place = place;
    this.#problems = problems;
  }

  locate(pointer: string, ofKey: boolean): Location {
    for (let at = pointer; ; at = at.slice(0, at.lastIndexOf('/'))) {
      const offset = (ofKey ? this.#keys.get(at) : undefined) ?? this.#values.get(at) ?? this.#keys.get(at);
      if (offset !== undefined || at === '') return this.#place(offset ?? 0);
    }
  }

  /** At most `maxDepth` levels deep. */
  convert(given: unknown, pointer: string, depth: number): OptionValue {
    const node = isAlias(given) ? given.resolve(this.#document) : given;
    const offset = (given as Node | null)?.range?.[0] ?? 0;
    this.#values.set(pointer, offset);
    if (depth > maxDepth) return this.#refuse(`more than ${maxDepth} levels`, offset);
    if (isAlias(given) && !isScalar(node)) return this.#refuse('an alias of a map or list: write it out', offset);
    if (isMap(node)) {
      const entries = node.items.map(({ key, value }) => {
        const name = isScalar(key) && typeof key.value === 'string' ? key.value : this.#badKey(key);
        const inner = `${pointer}/${escapePointer(name)}`;
        this.#keys.set(inner, (key as Node | null)?.range?.[0] ?? offset);
        return [name, this.convert(value, inner, depth + 1)] as const;
      });
      return Object.assign(Object.create(null), Object.fromEntries(entries)) as OptionValue;
    }
    if (isSeq(node)) return node.items.map((item, i) => this.convert(item, `${pointer}/${i}`, depth + 1));
    if (!isScalar(node)) return null;
    const { value } = node;
    if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value;
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    return this.#refuse('a value that is neither text, number, boolean nor null', offset);
  }

  #badKey(key: unknown): string {
    this.#refuse('a key that is not text: put it in quotes', (key as Node | null)?.range?.[0] ?? 0);
    return '';
  }

  #refuse(message: string, offset: number): null {
    this.#problems.push({ message, location: this.#place(offset) });
    return null;
  }
}

/** RFC 6901. */
export function escapePointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
