/** Every lint rule, in the order of the reports. Adding one is a file with its examples, and a line here. */
import { emptyPassword } from './accounts/empty-password.ts';
import type { AnyLintRule } from './lint-rule.ts';
import { halfInstalled } from './packages/half-installed.ts';

export const lintRules: readonly AnyLintRule[] = [emptyPassword, halfInstalled];
