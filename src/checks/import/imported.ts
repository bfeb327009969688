/** Tests of another tool as claims of a contract, and what of them no claim can say. */
import type { Location } from '../../location.ts';
import type { Options, OptionValue } from '../contract.ts';
import type { ParsedDocument } from '../language/parse-document.ts';
import { patternProblem } from '../matchers/pattern.ts';

export interface ImportedCheck {
  readonly title: string;
  readonly kind: string;
  readonly options: Options;
  readonly location: Location;
}

export interface Refusal {
  /** What cannot be expressed, and why. */
  readonly message: string;
  readonly location: Location;
}

export interface Imported {
  readonly checks: readonly ImportedCheck[];
  readonly refused: readonly Refusal[];
}

/** Collects both while a document is walked. Pointers are JSON pointers into it. */
export class Import implements Imported {
  readonly checks: ImportedCheck[] = [];
  readonly refused: Refusal[] = [];
  readonly #document: ParsedDocument;

  constructor(document: ParsedDocument) {
    this.#document = document;
  }

  add(pointer: string, title: string, kind: string, options: Options): void {
    this.checks.push({ title, kind, options, location: this.#document.locate(pointer) });
  }

  refuse(pointer: string, message: string): void {
    this.refused.push({ message, location: this.#document.locate(pointer, true) });
  }

  /** Adds a check with a pattern, if contracts know such patterns. */
  addPattern(pointer: string, title: string, pattern: string, options: (pattern: string) => Options): void {
    const problem = patternProblem(pattern);
    if (problem === undefined) this.add(pointer, title, 'content', options(pattern));
    else this.refuse(pointer, `the pattern ${pattern}: ${problem}`);
  }
}

export type Mapping = { readonly [key: string]: OptionValue };

export function asMapping(value: OptionValue | undefined): Mapping | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Mapping) : undefined;
}

export function asList(value: OptionValue | undefined): readonly OptionValue[] {
  return Array.isArray(value) ? (value as readonly OptionValue[]) : [];
}

export function asText(value: OptionValue | undefined): string | undefined {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;
}

/** A step of a JSON pointer. */
export function pointerStep(key: string | number): string {
  return `/${String(key).replace(/~/g, '~0').replace(/\//g, '~1')}`;
}
