/** No identifier that a device may be found by is given twice: two slots of one build need names of their own. */
import type { BootDevice } from '../../../facts/boot/boot-fact.ts';
import type { Verdict } from '../../check.ts';
import { at, fail, joinVerdicts, pass, skip } from '../../verdict.ts';
import type { BootLink } from './link.ts';

const kinds: readonly { readonly name: string; readonly of: (device: BootDevice) => string | undefined }[] = [
  { name: 'UUID', of: ({ uuid }) => uuid },
  { name: 'LABEL', of: ({ volumeLabel }) => volumeLabel },
  { name: 'PARTUUID', of: ({ partition }) => partition?.uuid },
  { name: 'PARTLABEL', of: ({ partition }) => partition?.name },
];

export const identifiers: BootLink = {
  id: 'identifiers',
  needs: ['boot'],
  judge: (facts) => {
    const { devices, entry, fstab } = facts.get('boot', '', []);
    if (devices.length < 2) return skip('there is one device only');
    const used = new Set([entry?.root?.text ?? '', ...fstab.map(({ device }) => device.text)].map(normalize));
    const findings = kinds.flatMap(({ name, of }): Verdict[] =>
      repeated(devices, of).map(([value, holders]) =>
        fail(`${holders.map(({ title }) => title).join(' and ')} have the same ${name} ${value}`, {
          expected: `one ${name} for each`,
          found: value,
          evidence: holders.map(({ location }) => at(location)),
          severity: used.has(normalize(`${name}=${value}`)) ? undefined : 'should',
        }),
      ),
    );
    return findings.length > 0 ? joinVerdicts(findings, 'must') : pass(`${devices.length} devices`);
  },
};

/** Identifiers compare in any case. */
const normalize = (text: string): string => text.toLowerCase();

function repeated(
  devices: readonly BootDevice[],
  of: (device: BootDevice) => string | undefined,
): (readonly [string, readonly BootDevice[]])[] {
  const holders = new Map<string, BootDevice[]>();
  for (const device of devices) {
    const value = of(device) ?? '';
    if (value !== '') holders.set(value, [...(holders.get(value) ?? []), device]);
  }
  return [...holders].filter(([, all]) => all.length > 1);
}
