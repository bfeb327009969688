/** YAML of an image as plain data: one document, no aliases, bounded nesting. */
import { ContractError } from '../contract-error.ts';
import { parseDocument } from '../language/parse-document.ts';
import type { StructuredResult } from './structured-text.ts';

export function parseYaml(text: string): StructuredResult {
  try {
    return { data: parseDocument(text, '').value };
  } catch (error) {
    if (!(error instanceof ContractError)) throw error;
    const [first] = error.problems;
    const { line, column } = first?.location ?? {};
    return {
      problem: `is not valid YAML: ${first?.message ?? 'unreadable'}`,
      ...(line === undefined ? {} : { line }),
      ...(column === undefined ? {} : { column }),
    };
  }
}
