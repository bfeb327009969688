/** `--limit name=n` over the default budgets. */
import { hintFor } from '../checks/language/nearest-name.ts';
import { defaultLimits, type Limits } from '../limits.ts';
import { UsageError } from './usage-error.ts';

/** Throws UsageError. */
export function readLimits(pairs: readonly string[]): Limits {
  const limits: Record<string, number> = { ...defaultLimits };
  for (const pair of pairs) {
    const [name = '', value = ''] = pair.split('=', 2);
    if (!Object.hasOwn(defaultLimits, name))
      throw new UsageError(`there is no limit ${name}`, hintFor(name, Object.keys(defaultLimits)));
    if (!/^[0-9]{1,15}$/.test(value)) throw new UsageError(`--limit ${pair}: write ${name}=NUMBER`);
    limits[name] = Number(value);
  }
  return limits as unknown as Limits;
}
