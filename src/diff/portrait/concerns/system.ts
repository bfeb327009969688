/** The system as a whole: release, architecture, name, kernels, what it boots into. */
import type { Assignment } from '../../../facts/systemd/unit-fact.ts';
import { type Concern, makeRecord } from '../concern.ts';
import type { Field } from '../portrait.ts';

export const systemConcern: Concern = {
  id: 'system',
  title: 'system',
  needs: ['platform', 'kernel', 'startup', 'boot'],
  describe: (facts) => {
    const { platform, osRelease, osReleaseLocation, architecture, hostname } = facts.get('platform');
    const { defaultTarget, systemd, manager } = facts.get('startup');
    const kernels = facts.get('kernel').kernels.map(({ release }) => release);
    const release = (key: string) => {
      const value = osRelease[key];
      return value === undefined || !osReleaseLocation ? value : { value, location: osReleaseLocation };
    };
    const rows = {
      platform,
      distribution: release('ID'),
      release: release('VERSION_ID'),
      name: release('PRETTY_NAME'),
      architecture,
      hostname,
      kernels,
      systemd: systemd && { value: String(systemd.version), location: systemd.location },
      'default target': defaultTarget && { value: defaultTarget.unit, location: defaultTarget.location },
      init: facts.get('boot').init,
    };
    const settings = Object.entries(manager ?? {}).map(
      ([key, assignments]) => [`system.conf ${key}`, fieldOf(assignments)] as const,
    );
    return [...Object.entries(rows), ...settings]
      .map(([key, value]) => makeRecord(key, { value }))
      .filter(({ fields }) => fields.value);
  },
};

function fieldOf(assignments: readonly Assignment[]): Field {
  const at = assignments.at(-1)?.location;
  return { values: assignments.map(({ value }) => value), ...(at ? { at } : {}) };
}
