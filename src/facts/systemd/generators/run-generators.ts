/**
 * The generators that matter before the first boot, run against the image: fstab, crypttab, kernel command line, rc.local.
 * Not run: gpt-auto (needs the booted disk), sysv, ssh, TPM and hibernation generators.
 */
import { damageFrom } from '../../../diagnostic.ts';
import { asImageError } from '../../../errors.ts';
import type { Location } from '../../../location.ts';
import type { RootView } from '../../../root/root-view.ts';
import type { Gap } from '../../fact.ts';
import { generateFromCommandLine } from './command-line.ts';
import { generateFromCrypttab } from './crypttab.ts';
import { generateFromFstab } from './fstab.ts';
import { type Generated, mergeGenerated, nothing } from './generated.ts';

export interface GeneratorResult {
  readonly generated: Generated;
  readonly gaps: readonly Gap[];
}

/** Everything the generators would make. A file that cannot be read is a gap: any unit may come from it. */
export function runGenerators(
  view: RootView,
  commandLine?: { readonly text: string; readonly location: Location },
): GeneratorResult {
  const gaps: Gap[] = [];
  const fromFile = (path: string, generate: (text: string, file: Location) => Generated): Generated => {
    try {
      const text = view.readText(path);
      return text === undefined ? nothing : generate(text, view.locate(path));
    } catch (thrown) {
      gaps.push({ cause: { location: view.locate(path), ...damageFrom(asImageError(thrown)) } });
      return nothing;
    }
  };
  const parts = [
    fromFile('/etc/fstab', generateFromFstab),
    fromFile('/etc/crypttab', generateFromCrypttab),
    commandLine ? generateFromCommandLine(commandLine.text, commandLine.location) : nothing,
    generateForRcLocal(view),
  ];
  return { generated: mergeGenerated(parts), gaps };
}

/** systemd-rc-local-generator: an executable /etc/rc.local is a service. */
function generateForRcLocal(view: RootView): Generated {
  const path = '/etc/rc.local';
  if (view.exists(path) !== 'yes') return nothing;
  const stat = view.stat(path);
  if (stat?.type !== 'file' || (stat.mode & 0o111) === 0) return nothing;
  const origin = view.locate(path);
  return {
    units: [],
    links: [{ from: 'multi-user.target', kind: 'Wants', to: 'rc-local.service', origin }],
    masks: [],
  };
}
