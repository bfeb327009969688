/** Every rule. Adding one is a file, a line here, and a test. */
import type { Rule } from './rule.ts';

const all: readonly Rule<never>[] = [];

export const rules: Readonly<Record<string, Rule<never>>> = Object.fromEntries(all.map((rule) => [rule.id, rule]));
