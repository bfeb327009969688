/** The syntax of patterns: text to a program for pattern.ts. Works on UTF-16 units. */

export type Instruction =
  | { readonly kind: 'unit'; readonly accepts: (unit: number) => boolean }
  | { readonly kind: 'split'; readonly to: readonly number[] }
  | { readonly kind: 'assert'; readonly holds: (text: string, at: number) => boolean }
  | { readonly kind: 'match' };

export class PatternSyntaxError extends Error {
  override readonly name = 'PatternSyntaxError';
}

type Node =
  | { readonly kind: 'unit'; readonly accepts: (unit: number) => boolean }
  | { readonly kind: 'assert'; readonly holds: (text: string, at: number) => boolean }
  | { readonly kind: 'sequence'; readonly parts: readonly Node[] }
  | { readonly kind: 'choice'; readonly parts: readonly Node[] }
  | { readonly kind: 'repeat'; readonly part: Node; readonly min: number; readonly max: number };

const maxLength = 1000;
const maxDepth = 40;
const maxInstructions = 2000;
const maxRepeat = 500;

type UnitTest = (unit: number) => boolean;
const isDigit: UnitTest = (unit) => unit >= 48 && unit <= 57;
const isWord: UnitTest = (unit) =>
  isDigit(unit) || (unit >= 65 && unit <= 90) || (unit >= 97 && unit <= 122) || unit === 95;
const isSpace: UnitTest = (unit) => (unit >= 9 && unit <= 13) || unit === 32 || unit === 0xa0;
const not =
  (test: UnitTest): UnitTest =>
  (unit) =>
    !test(unit);

const classes: ReadonlyMap<string, UnitTest> = new Map([
  ['d', isDigit],
  ['D', not(isDigit)],
  ['w', isWord],
  ['W', not(isWord)],
  ['s', isSpace],
  ['S', not(isSpace)],
]);
const controls: ReadonlyMap<string, number> = new Map([
  ['n', 10],
  ['r', 13],
  ['t', 9],
  ['f', 12],
  ['v', 11],
]);

const atBoundary = (text: string, at: number): boolean =>
  (at > 0 && isWord(text.charCodeAt(at - 1))) !== (at < text.length && isWord(text.charCodeAt(at)));

/** Throws PatternSyntaxError, which says what is not understood and where. */
export function parsePattern(source: string): readonly Instruction[] {
  if (source.length > maxLength) throw new PatternSyntaxError(`longer than ${maxLength} characters`);
  const ignoreCase = source.startsWith('(?i)');
  const reader = new Reader(ignoreCase ? source.slice(4) : source, ignoreCase);
  const program: Instruction[] = [];
  emit(reader.readAll(), program);
  program.push({ kind: 'match' });
  return program;
}

class Reader {
  readonly #source: string;
  readonly #ignoreCase: boolean;
  #at = 0;
  #depth = 0;

  constructor(source: string, ignoreCase: boolean) {
    this.#source = source;
    this.#ignoreCase = ignoreCase;
  }

  readAll(): Node {
    const node = this.#choice();
    if (this.#at < this.#source.length) this.#fail('a ) without its (');
    return node;
  }

  #choice(): Node {
    const parts = [this.#sequence()];
    while (this.#take('|')) parts.push(this.#sequence());
    return parts.length === 1 ? (parts[0] as Node) : { kind: 'choice', parts };
  }

  #sequence(): Node {
    const parts: Node[] = [];
    while (this.#at < this.#source.length && !'|)'.includes(this.#peek())) parts.push(this.#repeated());
    return { kind: 'sequence', parts };
  }

  #repeated(): Node {
    const part = this.#single();
    const range = this.#quantifier();
    if (!range) return part;
    if (part.kind === 'assert') this.#fail('nothing to repeat');
    if (this.#quantifier()) this.#fail('a repetition of a repetition');
    return { kind: 'repeat', part, min: range[0], max: range[1] };
  }

  #quantifier(): readonly [number, number] | undefined {
    const infinite = Number.POSITIVE_INFINITY;
    if (this.#take('*')) return [0, infinite];
    if (this.#take('+')) return [1, infinite];
    if (this.#take('?')) return [0, 1];
    const braces = /^\{(\d{1,4})(,(\d{0,4}))?\}/.exec(this.#source.slice(this.#at, this.#at + 12));
    if (!braces) return undefined;
    this.#at += braces[0].length;
    const min = Number(braces[1]);
    const max = braces[2] === undefined ? min : braces[3] === '' ? infinite : Number(braces[3]);
    if (min > maxRepeat || (max !== infinite && max > maxRepeat) || min > max) this.#fail('a repetition out of range');
    return [min, max];
  }

  #single(): Node {
    const letter = this.#next();
    if (letter === '(') return this.#group();
    if (letter === '[') return { kind: 'unit', accepts: this.#class() };
    if (letter === '.') return { kind: 'unit', accepts: (unit) => unit !== 10 };
    if (letter === '^') return { kind: 'assert', holds: (text, at) => at === 0 || text.charCodeAt(at - 1) === 10 };
    if (letter === '$') {
      return { kind: 'assert', holds: (text, at) => at === text.length || text.charCodeAt(at) === 10 };
    }
    if (letter === '\\' && this.#take('b')) return { kind: 'assert', holds: atBoundary };
    if (letter === '\\' && this.#take('B')) return { kind: 'assert', holds: (text, at) => !atBoundary(text, at) };
    if ('*+?'.includes(letter)) this.#fail('nothing to repeat');
    return { kind: 'unit', accepts: letter === '\\' ? this.#escape().accepts : this.#literal(letter.charCodeAt(0)) };
  }

  #group(): Node {
    if (this.#take('?') && !this.#take(':')) this.#fail('look-around, names and flags are not supported');
    if (++this.#depth > maxDepth) this.#fail(`groups deeper than ${maxDepth}`);
    const node = this.#choice();
    if (!this.#take(')')) this.#fail('a ( without its )');
    this.#depth--;
    return node;
  }

  /** After the backslash. `unit` is set when the escape stands for one unit. */
  #escape(): { readonly accepts: UnitTest; readonly unit?: number } {
    const letter = this.#next();
    const test = classes.get(letter);
    if (test) return { accepts: test };
    const unit = controls.get(letter) ?? letter.charCodeAt(0);
    if (/[0-9A-Za-z]/.test(letter) && !controls.has(letter)) this.#fail(`\\${letter} is not supported`);
    return { accepts: this.#literal(unit), unit };
  }

  #class(): UnitTest {
    const negated = this.#take('^');
    const tests: UnitTest[] = [];
    while (tests.length === 0 || this.#peek() !== ']') {
      const low = this.#classMember();
      if (low.unit !== undefined && this.#peek() === '-' && this.#source[this.#at + 1] !== ']') {
        this.#at++;
        const high = this.#classMember();
        if (high.unit === undefined || high.unit < low.unit) this.#fail('a class range that is not one');
        tests.push(this.#range(low.unit, high.unit ?? 0));
      } else tests.push(low.accepts);
    }
    this.#at++;
    const any: UnitTest = (unit) => tests.some((test) => test(unit));
    return negated ? not(any) : any;
  }

  #classMember(): { readonly accepts: UnitTest; readonly unit?: number } {
    const letter = this.#next();
    if (letter === '\\') return this.#escape();
    const unit = letter.charCodeAt(0);
    return { accepts: this.#literal(unit), unit };
  }

  #literal(unit: number): UnitTest {
    return this.#range(unit, unit);
  }

  #range(low: number, high: number): UnitTest {
    const inside: UnitTest = (unit) => unit >= low && unit <= high;
    if (!this.#ignoreCase) return inside;
    return (unit) => inside(unit) || (isWord(unit) && unit >= 65 && inside(unit ^ 32));
  }

  #peek(): string {
    return this.#source[this.#at] ?? '';
  }

  #take(letter: string): boolean {
    if (this.#source[this.#at] !== letter) return false;
    this.#at++;
    return true;
  }

  #next(): string {
    const letter = this.#source[this.#at++];
    return letter === undefined ? this.#fail('ends too early') : letter;
  }

  #fail(what: string): never {
    throw new PatternSyntaxError(`${what} (at character ${this.#at})`);
  }
}

function emit(node: Node, program: Instruction[]): void {
  if (program.length > maxInstructions) throw new PatternSyntaxError('too large once repetitions are written out');
  if (node.kind === 'unit' || node.kind === 'assert') program.push(node);
  else if (node.kind === 'sequence') for (const part of node.parts) emit(part, program);
  else if (node.kind === 'choice') emitChoice(node.parts, program);
  else emitRepeat(node, program);
}

function emitChoice(parts: readonly Node[], program: Instruction[]): void {
  const jumps: number[] = [];
  for (const [i, part] of parts.entries()) {
    if (i === parts.length - 1) {
      emit(part, program);
      break;
    }
    const split = program.push({ kind: 'split', to: [] }) - 1;
    emit(part, program);
    jumps.push(program.push({ kind: 'split', to: [] }) - 1);
    program[split] = { kind: 'split', to: [split + 1, program.length] };
  }
  for (const jump of jumps) program[jump] = { kind: 'split', to: [program.length] };
}

function emitRepeat(node: Extract<Node, { kind: 'repeat' }>, program: Instruction[]): void {
  for (let i = 0; i < node.min; i++) emit(node.part, program);
  const skips: number[] = [];
  const optional = node.max === Number.POSITIVE_INFINITY ? 1 : node.max - node.min;
  for (let i = 0; i < optional; i++) {
    skips.push(program.push({ kind: 'split', to: [] }) - 1);
    emit(node.part, program);
  }
  if (node.max === Number.POSITIVE_INFINITY) program.push({ kind: 'split', to: [skips[0] as number] });
  for (const skip of skips) program[skip] = { kind: 'split', to: [skip + 1, program.length] };
}
