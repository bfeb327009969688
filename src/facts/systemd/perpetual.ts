/** Units that the manager makes itself, that always run, and that no mask can touch. */
import type { UnitName } from './unit-name.ts';

export function isPerpetual({ name }: UnitName): boolean {
  return name === '-.mount' || name === '-.slice' || name === 'system.slice' || name === 'init.scope';
}
