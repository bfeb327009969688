/** `--lint-set RULE.OPTION=VALUE`: options of lint rules. Lists are parted by commas; a `+` before them adds to the default. */
import { hintFor } from '../checks/language/nearest-name.ts';
import type { AnyLintRule, LintOptionValue } from '../checks/lint/lint-rule.ts';
import type { LintSettings } from '../checks/lint/run-lint.ts';
import { UsageError } from './usage-error.ts';

const units: Readonly<Record<string, number>> = { '': 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 };

/** Throws UsageError for what is no option of a rule, or no value for it. */
export function readLintSettings(rules: readonly AnyLintRule[], pairs: readonly string[]): LintSettings {
  const options = new Map<string, unknown>(
    rules.flatMap(({ id, options: declared = {} }) =>
      Object.entries(declared).map(([name, option]) => [`${id}.${name}`, option.default] as const),
    ),
  );
  return new Map(
    pairs.map((pair) => {
      const equals = pair.indexOf('=');
      const name = pair.slice(0, Math.max(equals, 0));
      const value = options.get(name);
      if (value === undefined)
        throw new UsageError(`--lint-set ${pair}: no rule has that option`, hintFor(name, [...options.keys()]));
      return [name, parseValue(pair.slice(equals + 1), value, pair)] as const;
    }),
  );
}

function parseValue(text: string, usual: unknown, pair: string): LintOptionValue {
  if (Array.isArray(usual)) {
    const isAdded = text.startsWith('+');
    const words = (isAdded ? text.slice(1) : text).split(',').filter((word) => word !== '');
    return isAdded ? [...(usual as readonly string[]), ...words] : words;
  }
  if (typeof usual !== 'number') return text;
  const [, digits, unit = ''] = /^([0-9]{1,15})(?:([KMGT])(?:iB)?)?$/.exec(text) ?? [];
  if (digits === undefined) throw new UsageError(`--lint-set ${pair}: write a number: 4096, 512M, 2G`);
  return Number(digits) * (units[unit] ?? 1);
}
