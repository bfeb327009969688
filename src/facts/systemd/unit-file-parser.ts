/**
 * The line structure of unit files: sections, assignments, comments, continuation. systemd.syntax(7), conf-parser.c.
 * What a key means is not known here. A file with a broken section header, an over-long line or bytes that are not
 * UTF-8 stops being read at that line (`fatal`).
 */
import { maxLineLength, splitLines, stripBlanks } from '../conf-files/lines.ts';
import type { UnitProblem } from './unit-fact.ts';

export interface ParsedAssignment {
  readonly section: string;
  readonly key: string;
  readonly value: string;
  /** First line of the assignment, from 1. */
  readonly line: number;
}

export interface ParsedProblem {
  readonly kind: UnitProblem['kind'];
  readonly line: number;
  readonly message: string;
}

export interface ParsedUnitFile {
  readonly assignments: readonly ParsedAssignment[];
  readonly problems: readonly ParsedProblem[];
  /** Why the rest of the file was not read. */
  readonly fatal?: ParsedProblem;
}

/** Problems of one file that are kept; the rest would say the same again. */
const maxProblems = 1000;
const comment = /^[ \t\n\r]*[#;]/;

/** Parses the text of a unit file (or of any file of that syntax); `isSection` says which section names have a meaning. */
export function parseUnitFile(text: string, isSection: (name: string) => boolean): ParsedUnitFile {
  const reader = new SectionReader(isSection);
  const pending: string[] = [];
  let length = 0;
  let start = 0;
  let bomAllowed = true;
  for (const { text: line, number } of splitLines(text)) {
    if (line.length >= maxLineLength) return reader.stop(number, 'Line too long');
    if (comment.test(line)) continue;
    let rest = line;
    if (bomAllowed && line.startsWith('\ufeff')) {
      rest = line.slice(1);
      bomAllowed = false;
    }
    if (pending.length === 0) start = number;
    else if (length + rest.length > maxLineLength) return reader.stop(number, 'Continuation line too long');
    const continues = endsInBackslash(rest);
    pending.push(continues ? `${rest.slice(0, -1)} ` : rest);
    length += rest.length;
    if (continues) continue;
    const goesOn = reader.read(pending.join(''), start);
    pending.length = 0;
    length = 0;
    if (!goesOn) return reader.result();
  }
  if (pending.length > 0) reader.read(pending.join(''), start);
  return reader.result();
}

/** The state between lines: the current section and what was collected. */
class SectionReader {
  readonly #isSection: (name: string) => boolean;
  readonly #assignments: ParsedAssignment[] = [];
  readonly #problems: ParsedProblem[] = [];
  #fatal: ParsedProblem | undefined;
  #section: string | undefined;
  #sectionIgnored = false;

  constructor(isSection: (name: string) => boolean) {
    this.#isSection = isSection;
  }

  /** Reads one logical line; false if nothing after it counts. */
  read(line: string, number: number): boolean {
    const text = stripBlanks(line);
    if (text === '') return true;
    if (hasInvalidBytes(text)) {
      this.#fatal = { kind: 'syntax', line: number, message: 'the line is not valid UTF-8' };
      return false;
    }
    if (text.startsWith('[')) return this.#readHeader(text, number);
    if (this.#section === undefined) {
      if (!this.#sectionIgnored) this.#report('syntax', number, 'Assignment outside of section. Ignoring.');
      return true;
    }
    const equals = text.indexOf('=');
    if (equals < 0) this.#report('syntax', number, "Missing '=', ignoring line.");
    else if (equals === 0) this.#report('syntax', number, "Missing key name before '=', ignoring line.");
    else {
      const key = stripBlanks(text.slice(0, equals));
      this.#assignments.push({ section: this.#section, key, value: stripBlanks(text.slice(equals + 1)), line: number });
    }
    return true;
  }

  stop(line: number, message: string): ParsedUnitFile {
    this.#fatal = { kind: 'syntax', line, message };
    return this.result();
  }

  result(): ParsedUnitFile {
    const base = { assignments: this.#assignments, problems: this.#problems };
    return this.#fatal ? { ...base, fatal: this.#fatal } : base;
  }

  #readHeader(text: string, line: number): boolean {
    const name = text.slice(1, -1);
    if (!text.endsWith(']') || text.length < 2 || !isSafe(name)) {
      this.#fatal = { kind: 'syntax', line, message: `Invalid section header '${text}'` };
      return false;
    }
    if (this.#isSection(name)) {
      this.#section = name;
      this.#sectionIgnored = false;
      return true;
    }
    if (!name.startsWith('X-')) this.#report('unknown-section', line, `Unknown section '${name}'. Ignoring.`);
    this.#section = undefined;
    this.#sectionIgnored = true;
    return true;
  }

  #report(kind: ParsedProblem['kind'], line: number, message: string): void {
    if (this.#problems.length < maxProblems) this.#problems.push({ kind, line, message });
  }
}

/** An odd number of backslashes at the end. */
function endsInBackslash(text: string): boolean {
  let count = 0;
  while (count < text.length && text[text.length - 1 - count] === '\\') count++;
  return count % 2 === 1;
}

const surrogate = /[\ud800-\udfff]/;

function hasInvalidBytes(text: string): boolean {
  if (!surrogate.test(text)) return false;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit >= 0xd800 && unit <= 0xdbff) at++;
    else if (unit >= 0xdc00 && unit <= 0xdfff) return true;
  }
  return false;
}

/** systemd's string_is_safe: printable, no quotes, no backslash. */
function isSafe(text: string): boolean {
  for (const character of text) {
    if (character < ' ' || character === '\x7f' || '"\\\''.includes(character)) return false;
  }
  return true;
}
