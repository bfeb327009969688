/** The slice a unit's processes are in: its own setting, one per template, the root for API mounts, else system.slice. */

import { ownSectionOf } from '../directives/registry.ts';
import type { LoadedUnit } from '../loaded-unit.ts';
import { isPerpetual } from '../perpetual.ts';
import { escapeUnitName } from '../unit-name.ts';
import { mountPoint } from '../verify-unit.ts';
import { type PropertyRow, property } from './property.ts';

/** undefined for the root slice itself and for types without processes. */
export function sliceOf(unit: LoadedUnit): string | undefined {
  const { type, name, instance, prefix } = unit.name;
  if (type === 'slice') return parentSlice(name);
  const section = ownSectionOf(type);
  if (!['service', 'socket', 'mount', 'swap', 'scope'].includes(type) || section === undefined) return undefined;
  const own = unit.ownText('Slice');
  if (own !== undefined) return own;
  if (instance !== undefined) return `system-${escapeUnitName(prefix)}.slice`;
  return isPerpetual(unit.name) || isApiMount(unit) ? '-.slice' : 'system.slice';
}

/** `a-b.slice` for `a-b-c.slice`, `-.slice` at the top. */
function parentSlice(name: string): string | undefined {
  if (name === '-.slice') return undefined;
  const dash = name.lastIndexOf('-');
  return dash <= 0 ? '-.slice' : `${name.slice(0, dash)}.slice`;
}

const stays = ['/', '/usr', '/run/initramfs', '/run/nextroot'];
const virtual = ['/run/initramfs/', '/run/nextroot/', '/proc/', '/sys/', '/dev/'];

/** Mounts that are there before and after everything else (fstab-util.c, fstab_is_extrinsic). */
export function isApiMount(unit: LoadedUnit): boolean {
  if (unit.name.type !== 'mount') return false;
  const where = mountPoint(unit) ?? '';
  const options = (unit.text('Mount.Options') ?? '').split(',');
  return (
    stays.includes(where) ||
    virtual.some((prefix) => `${where}/`.startsWith(prefix)) ||
    options.includes('x-initrd.mount')
  );
}

export const sliceProperty: PropertyRow = property('Slice', ({ unit }) => sliceOf(unit));
