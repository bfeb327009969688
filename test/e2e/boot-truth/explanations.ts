/** What sets the recorded boot apart from the machine the image is made for: each difference that is let pass, with its reason. */
import type { RecordedBoot, RecordedUnit } from './recorded-boot.ts';

export interface Difference {
  readonly unit: string;
  readonly property: string;
  readonly recorded: string | undefined;
  readonly ours: string | undefined;
}

/** Units that are not the image's: neither they nor their names in lists are compared. */
export function foreignUnits({ units }: RecordedBoot): ReadonlyMap<string, string> {
  const foreign = new Map([
    ['truth.service', 'the instrument that records'],
    ['console-getty.service', 'a container has one console instead of terminals'],
  ]);
  for (const [name, properties] of units) {
    const isWithoutFile = properties.get('LoadState') === 'loaded' && !properties.has('FragmentPath');
    if (isWithoutFile && name.endsWith('.mount') && name !== '-.mount')
      foreign.set(name, 'a mount that systemd-nspawn made');
  }
  return foreign;
}

/** The drop-in that pulls the instrument in. */
export const instrumentDropIn = '/etc/systemd/system/multi-user.target.d/truth.conf';

interface Explanation {
  readonly reason: string;
  readonly covers: (difference: Difference, unit: RecordedUnit) => boolean;
}

const isActive = (unit: RecordedUnit): boolean => unit.get('ActiveState') === 'active';

export const explanations: readonly Explanation[] = [
  {
    reason: 'of what is mounted systemd prints what the kernel says',
    covers: ({ property, unit }, shown) =>
      unit.endsWith('.mount') && isActive(shown) && ['Options', 'What', 'Type', 'SourcePath'].includes(property),
  },
  {
    reason: 'a container has no automounter',
    covers: ({ property, unit }) => property === 'CanStart' && unit.endsWith('.automount'),
  },
  {
    reason: 'WatchdogSec= counts from the start of the service; before that systemd prints infinity',
    covers: ({ property, recorded }, shown) =>
      property === 'WatchdogUSec' && recorded === 'infinity' && shown.get('MainPID') === '0',
  },
  {
    reason: 'a unit that is not loaded has the limits of the manager itself',
    covers: ({ property, ours }, shown) =>
      property.startsWith('Limit') && ours === undefined && shown.get('LoadState') !== 'loaded',
  },
];
