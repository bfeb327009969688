/** Units that the manager makes itself, that always run, and that no mask can touch. */
import type { UnitName } from './unit-name.ts';

export const perpetualUnits: readonly string[] = ['-.mount', '-.slice', 'system.slice', 'init.scope'];
const perpetual: ReadonlySet<string> = new Set(perpetualUnits);

export function isPerpetual({ name }: UnitName): boolean {
  return perpetual.has(name);
}
