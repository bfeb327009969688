/** Links that presets make when a machine boots for the first time, before anything is started. manager.c (manager_preset_all). */
import { linksOfEnabling, presetCandidates } from './install-changes.ts';
import type { PullStep } from './unit-fact.ts';
import type { UnitSet } from './unit-set.ts';

/** By the unit that will pull; none where it is no first boot, or nothing can be enabled. */
export function findFirstBootLinks(set: UnitSet): ReadonlyMap<string, readonly PullStep[]> {
  const steps = new Map<string, PullStep[]>();
  if (!set.host.isFirstBoot() || isInStore(set)) return steps;
  const enabled = presetCandidates(
    set,
    (name) => set.presets.decide(name).action === 'enable' && set.mayHaveInstall(name),
  );
  for (const [path] of linksOfEnabling(set, enabled)) {
    const [, from, name] = /\/([^/]+)\.(?:wants|requires|upholds)\/([^/]+)$/.exec(path) ?? [];
    if (from === undefined || name === undefined) continue;
    const location = set.presets.decide(name).location ?? set.load(name)?.fragment;
    if (location) steps.set(from, [...(steps.get(from) ?? []), { unit: name, by: 'preset at first boot', location }]);
  }
  return steps;
}

/** On NixOS /etc/systemd/system is a directory of the store. */
function isInStore({ view }: UnitSet): boolean {
  return view.resolve('/etc/systemd/system').path.startsWith('/nix/store/');
}
