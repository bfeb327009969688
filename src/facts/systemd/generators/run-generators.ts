/**
 * The generators that matter before the first boot, run against the image: fstab, crypttab, kernel command line, rc.local, ssh,
 * gpt-auto, sysv. Not run: TPM and hibernation generators, and those of other packages (other-generators.ts).
 */
import { damageFrom } from '../../../diagnostic.ts';
import { asImageError } from '../../../errors.ts';
import type { Location } from '../../../location.ts';
import { parseFstab } from '../../../root/fstab.ts';
import type { BootSetup } from '../../../root/image-facts.ts';
import type { RootView } from '../../../root/root-view.ts';
import type { Gap } from '../../fact.ts';
import { type KernelParameter, parseCommandLine } from '../../kernel/command-line.ts';
import { parseBoolean } from '../values/boolean.ts';
import { generateFromCommandLine } from './command-line.ts';
import { generateFromCrypttab } from './crypttab.ts';
import { generateFromFstab } from './fstab.ts';
import { type Generated, type GeneratedLink, mergeGenerated, nothing } from './generated.ts';
import { type GptAutoRequest, generateFromPartitions } from './gpt-auto.ts';
import { generateForSsh } from './ssh.ts';
import { generateForScripts } from './sysv.ts';

export interface GeneratorResult {
  readonly generated: Generated;
  readonly gaps: readonly Gap[];
}

/** Everything the generators would make. A file that cannot be read is a gap: any unit may come from it. */
export function runGenerators(
  view: RootView,
  commandLine?: { readonly text: string; readonly location: Location },
  boot?: BootSetup,
): GeneratorResult {
  const gaps: Gap[] = [];
  const attempt = (path: string, generate: () => Generated): Generated => {
    try {
      return generate();
    } catch (thrown) {
      gaps.push({ cause: { location: view.locate(path), ...damageFrom(asImageError(thrown)) } });
      return nothing;
    }
  };
  const fromFile = (
    path: string,
    generate: (text: string, file: Location) => Generated,
    isOptional = false,
  ): Generated =>
    attempt(path, () => {
      const text = view.readText(path) ?? (isOptional ? '' : undefined);
      return text === undefined ? nothing : generate(text, view.locate(path));
    });
  const parameters = parseCommandLine(commandLine?.text ?? '');
  const parts = [
    ...(isSwitchedOff(parameters, 'fstab')
      ? []
      : [fromFile('/etc/fstab', generateFromFstab), { ...nothing, links: [remountOf(view)] }]),
    fromFile('/etc/crypttab', generateFromCrypttab),
    commandLine ? generateFromCommandLine(commandLine.text, commandLine.location) : nothing,
    attempt(rcLocal, () => generateForRcLocal(view)),
    attempt('/usr/sbin/sshd', () => generateForSsh(view, parameters)),
    attempt('/etc/init.d', () => generateForScripts(view)),
    boot && !isSwitchedOff(parameters, 'systemd.gpt_auto')
      ? fromFile('/etc/fstab', (text) => generateFromPartitions(view, partitionRequest(boot, parameters, text)), true)
      : nothing,
  ];
  return { generated: mergeGenerated(parts), gaps };
}

/** What decides about the partitions besides their types. */
function partitionRequest(boot: BootSetup, parameters: readonly KernelParameter[], fstab: string): GptAutoRequest {
  const root = parameters.findLast(({ key, value }) => key === 'root' && value !== undefined)?.value;
  const hasRoot = (root !== undefined && root !== 'gpt-auto') || parameters.some(({ key }) => key === 'roothash');
  return { boot, fstab: parseFstab(fstab).entries, hasRoot, usesSwap: !isSwitchedOff(parameters, 'systemd.swap') };
}

function isSwitchedOff(parameters: readonly KernelParameter[], name: string): boolean {
  const value = parameters.findLast(({ key }) => key === name)?.value;
  return value !== undefined && parseBoolean(value) === false;
}

/** systemd-fstab-generator asks for the options of the root to be applied, whatever fstab says and even if there is none. */
function remountOf(view: RootView): GeneratedLink {
  const origin = view.locate('/etc/fstab');
  return { from: 'local-fs.target', kind: 'Wants', to: 'systemd-remount-fs.service', origin };
}

const rcLocal = '/etc/rc.local';

/** systemd-rc-local-generator: an executable /etc/rc.local is a service. Throws if it cannot be read. */
function generateForRcLocal(view: RootView): Generated {
  const stat = view.stat(rcLocal);
  if (stat?.type !== 'file' || (stat.mode & 0o111) === 0) return nothing;
  const origin = view.locate(rcLocal);
  return {
    units: [],
    links: [{ from: 'multi-user.target', kind: 'Wants', to: 'rc-local.service', origin }],
    masks: [],
  };
}
