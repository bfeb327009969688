/**
 * How udev names Ethernet interfaces at boot: `net.ifnames=0` on the kernel command line, the 80-net-setup-link rule, the
 * first `.link` file that matches (systemd.link(5)), and rules of the administrator that set NAME.
 */
import type { Location } from '../../location.ts';
import type { ImageFacts } from '../../root/image-facts.ts';
import type { RootView } from '../../root/root-view.ts';
import { confDirectories, listConfFiles, readConfTexts } from '../conf-files/conf-files.ts';
import type { Gap } from '../fact.ts';
import { isParameter, parseCommandLine } from '../kernel/command-line.ts';
import { matchInterface } from './match-interface.ts';
import type { AssignedName, InterfaceNaming, NetworkProblem } from './network-fact.ts';
import { lastValue, listValues, type NetworkdFile, parseMatch, readNetworkdFiles } from './networkd-files.ts';

export interface NamingResult {
  readonly naming: InterfaceNaming;
  readonly problems: readonly NetworkProblem[];
  readonly gaps: readonly Gap[];
}

/** The rule that applies `.link` files. Without it the kernel's names stay. */
const setupRule = '80-net-setup-link.rules';

/** Reads the command line, the `.link` files and the udev rules that may name interfaces. */
export function readNaming(view: RootView, image: Pick<ImageFacts, 'commandLine' | 'bootDamage'>): NamingResult {
  const links = readNetworkdFiles(view, '.link');
  const listed = listConfFiles(view, confDirectories('udev/rules.d'), '.rules');
  const rules = readConfTexts(
    view,
    listed.files.filter(({ path }) => !path.startsWith('/usr/lib/') && !path.startsWith('/lib/')),
  );
  const assigned: AssignedName[] = [
    ...links.files.flatMap(assignedByLink),
    ...rules.texts.flatMap(({ text, file }) => parseNamingRules(text, file.location)),
  ];
  const setup = listed.files.find(({ name }) => name === setupRule);
  const state = decide(image, links.files, setup);
  // A loader entry that could not be read may hold the parameter that decides.
  const bootGaps = state.kernelNames === 'unknown' ? (image.bootDamage ?? []).map((cause) => ({ cause })) : [];
  return {
    naming: { ...state, assigned },
    problems: links.problems,
    gaps: [...links.gaps, ...listed.gaps, ...rules.gaps, ...bootGaps],
  };
}

type Decision = Pick<InterfaceNaming, 'kernelNames' | 'because' | 'location'>;

function decide(
  { commandLine }: Pick<ImageFacts, 'commandLine'>,
  links: readonly NetworkdFile[],
  setup: { readonly kind: string; readonly location: Location } | undefined,
): Decision {
  if (!setup) return { kernelNames: 'kept', because: `there is no ${setupRule}: udev renames nothing` };
  if (setup.kind !== 'text')
    return { kernelNames: 'kept', because: `${setupRule} is masked: udev renames nothing`, location: setup.location };
  const link = links.find((file) => matchInterface(parseMatch(file), { name: 'eth1' }) === 'yes');
  const policy = link && renamingPolicy(link);
  if (!link) return { kernelNames: 'kept', because: 'no .link file applies to Ethernet interfaces' };
  if (policy === undefined)
    return { kernelNames: 'kept', because: `${link.name} has no policy that renames`, location: link.location };
  const replaced: Decision = {
    kernelNames: 'replaced',
    because: `${link.name} names interfaces by ${policy}`,
    location: link.location,
  };
  if (commandLine) {
    const off = parseCommandLine(commandLine.text).findLast((one) => isParameter(one, 'net.ifnames'));
    if (off?.value !== '0')
      return { ...replaced, because: `${replaced.because}, and net.ifnames=0 is not on the kernel command line` };
    return {
      kernelNames: 'kept',
      because: 'net.ifnames=0 is on the kernel command line',
      location: commandLine.location,
    };
  }
  return {
    kernelNames: 'unknown',
    because: `${replaced.because}, and the kernel command line, which may say net.ifnames=0, is not in this image`,
    location: link.location,
  };
}

/** Policies that leave the kernel's name to an interface it enumerated. */
const keepingPolicies: ReadonlySet<string> = new Set(['keep', 'kernel']);

function renamingPolicy(file: NetworkdFile): string | undefined {
  const words = listValues(file, 'Link', 'NamePolicy').flatMap(({ value }) => value.split(/\s+/));
  return words.find((word) => !keepingPolicies.has(word));
}

function assignedByLink(file: NetworkdFile): readonly AssignedName[] {
  const name = lastValue(file, 'Link', 'Name');
  return name ? [{ name: name.value, match: parseMatch(file), by: 'link file', location: name.location }] : [];
}

/** `SUBSYSTEM=="net", ATTR{address}=="...", NAME="eth1"`: udev(7), one rule a line, a backslash joins lines. */
export function parseNamingRules(text: string, place: Location): readonly AssignedName[] {
  const names: AssignedName[] = [];
  let pending = '';
  let start = 0;
  for (const [index, line] of text.split('\n').entries()) {
    if (pending === '') start = index + 1;
    if (pending === '' && /^\s*(?:#|$)/.test(line)) continue;
    pending += line.endsWith('\\') ? line.slice(0, -1) : line;
    if (line.endsWith('\\')) continue;
    const isNet = /(?:^|[\s,])SUBSYSTEMS?\s*==\s*"net"/.test(pending);
    const name = /(?:^|[\s,])NAME\s*:?=\s*"([^"%$]{1,64})"/.exec(pending)?.[1];
    if (isNet && name !== undefined)
      names.push({ name, match: [], by: 'udev rule', location: { ...place, line: start } });
    pending = '';
  }
  return names;
}
