/**
 * Condition…= and Assert…= as far as the image decides them. systemd.unit(5) "Conditions and Asserts", condition.c.
 * What depends on hardware, memory or time stays open; paths are decided only where nothing but the image puts files.
 */
import type { Location } from '../../location.ts';
import { isGlob, matchesGlob } from '../conf-files/glob.ts';
import { parseCommandLine } from '../kernel/command-line.ts';
import type { LoadedUnit } from './loaded-unit.ts';
import type { UnitSet } from './unit-set.ts';
import { parseBoolean } from './values/boolean.ts';

export interface FailedCondition {
  /** `ConditionPathExists=/etc/x`. */
  readonly text: string;
  readonly kind: 'condition' | 'assert';
  readonly location: Location | undefined;
}

/** The first condition that will certainly not hold; undefined if the unit may start. */
export function findFailedCondition(set: UnitSet, unit: LoadedUnit): FailedCondition | undefined {
  return failedOf(set, unit, 'Condition') ?? failedOf(set, unit, 'Assert');
}

interface Test {
  readonly name: string;
  readonly parameter: string;
  readonly triggering: boolean;
  readonly result: boolean | undefined;
  readonly failure: FailedCondition;
}

function failedOf(set: UnitSet, unit: LoadedUnit, word: 'Condition' | 'Assert'): FailedCondition | undefined {
  const tests = collectTests(set, unit, word);
  const failed = tests.find(({ triggering, result }) => !triggering && result === false);
  if (failed) return failed.failure;
  const triggers = tests.filter(({ triggering }) => triggering);
  return triggers.length > 0 && triggers.every(({ result }) => result === false) ? triggers[0]?.failure : undefined;
}

function collectTests(set: UnitSet, unit: LoadedUnit, word: 'Condition' | 'Assert'): readonly Test[] {
  const tests: Test[] = [];
  for (const [id, setting] of unit.settings) {
    if (!id.startsWith(`Unit.${word}`)) continue;
    const name = id.slice(`Unit.${word}`.length);
    for (const [index, item] of unit.list(id).entries()) {
      const triggering = item.startsWith('|');
      const rest = triggering ? item.slice(1) : item;
      const negated = rest.startsWith('!');
      const parameter = negated ? rest.slice(1) : rest;
      const truth = evaluate(set, name, parameter);
      const failure: FailedCondition = {
        text: `${word}${name}=${item}`,
        kind: word === 'Condition' ? 'condition' : 'assert',
        location: setting.values[index]?.location,
      };
      tests.push({ name, parameter, triggering, result: truth === undefined ? undefined : truth !== negated, failure });
    }
  }
  return tests;
}

/** true, false, or undefined where the image does not decide: a `%` left over is one that only the machine expands. */
function evaluate(set: UnitSet, name: string, parameter: string): boolean | undefined {
  if (parameter.includes('%')) return undefined;
  switch (name) {
    case 'PathExists':
    case 'PathExistsGlob':
    case 'PathIsDirectory':
    case 'PathIsSymbolicLink':
    case 'DirectoryNotEmpty':
    case 'FileNotEmpty':
    case 'FileIsExecutable':
      return evaluatePath(set, name, parameter);
    case 'FirstBoot':
      return set.host.isFirstBoot() === parseBoolean(parameter);
    case 'KernelCommandLine':
      return evaluateCommandLine(set.commandLine?.text, parameter);
    case 'Architecture':
      return evaluateArchitecture(set.host.read().architecture, parameter);
    case 'Virtualization':
      return parameter === 'container' || parameter === 'private-users' ? false : undefined;
    case 'Capability':
      return true;
    case 'Security':
      return evaluateSecurity(set, parameter);
    case 'User':
      return parameter === 'root' || parameter === '0' || parameter === '@system';
    case 'OSRelease':
      return evaluateOsRelease(set.host.read().osRelease, parameter);
    default:
      return undefined;
  }
}

/** Only a kernel that was started from a unified kernel image, an EFI program, can have been measured as one. */
function evaluateSecurity({ boot }: UnitSet, parameter: string): boolean | undefined {
  const { linux, initrd = [] } = boot?.entry ?? {};
  if (parameter !== 'measured-uki' || !linux || linux.text.toLowerCase().endsWith('.efi')) return undefined;
  return [linux, ...initrd].every(({ section }) => section === undefined) ? false : undefined;
}

/** Directories that only the image (or an administrator) fills. */
const decided = ['/usr/', '/etc/', '/lib/', '/lib64/', '/bin/', '/sbin/', '/opt/'];
/** Files there that the first boot makes or removes. */
const volatile = new Set([
  '/etc/machine-id',
  '/etc/.updated',
  '/etc/mtab',
  '/etc/resolv.conf',
  '/etc/localtime',
  '/etc/hostname',
]);

function evaluatePath({ view }: UnitSet, name: string, path: string): boolean | undefined {
  if (!decided.some((prefix) => path.startsWith(prefix)) || volatile.has(path)) return undefined;
  if (name === 'PathExistsGlob' || isGlob(path)) return evaluateGlob(view, path);
  const resolution = view.resolve(path, name === 'PathIsSymbolicLink' ? 'parents' : 'all');
  if (resolution.state === 'unreadable') return undefined;
  if (resolution.state === 'missing') return isBelowDecided(resolution.path) ? false : undefined;
  const stat = resolution.fileSystem.stat(resolution.node);
  switch (name) {
    case 'PathIsDirectory':
      return stat.type === 'directory';
    case 'PathIsSymbolicLink':
      return stat.type === 'symlink';
    case 'DirectoryNotEmpty':
      return stat.type === 'directory' && (view.list(path)?.length ?? 0) > 0;
    case 'FileNotEmpty':
      return stat.type === 'file' && stat.size > 0;
    case 'FileIsExecutable':
      return stat.type === 'file' && (stat.mode & 0o111) !== 0;
    default:
      return true;
  }
}

/** A link may lead to a place that is only filled at run time. */
function isBelowDecided(path: string): boolean {
  return decided.some((prefix) => path.startsWith(prefix));
}

/** One pattern in the last component; deeper patterns stay open. */
function evaluateGlob(view: UnitSet['view'], pattern: string): boolean | undefined {
  const slash = pattern.lastIndexOf('/');
  const directory = pattern.slice(0, slash);
  if (isGlob(directory)) return undefined;
  return (view.list(directory) ?? []).some(({ name }) => matchesGlob(pattern.slice(slash + 1), name));
}

function evaluateCommandLine(commandLine: string | undefined, parameter: string): boolean | undefined {
  if (commandLine === undefined) return undefined;
  return parseCommandLine(commandLine).some(({ key, value }) =>
    parameter.includes('=') ? `${key}=${value ?? ''}` === parameter : key === parameter,
  );
}

/** systemd's names of architectures for Debian's. */
const architectures: Readonly<Record<string, string>> = {
  amd64: 'x86-64',
  arm64: 'arm64',
  armhf: 'arm',
  armel: 'arm',
  i386: 'x86',
  riscv64: 'riscv64',
  ppc64el: 'ppc64-le',
  s390x: 's390x',
};

function evaluateArchitecture(architecture: string | undefined, parameter: string): boolean | undefined {
  const own = architecture === undefined ? undefined : architectures[architecture];
  if (own === undefined || parameter === 'native') return own === undefined ? undefined : true;
  return own === parameter;
}

/** `KEY=value` and `KEY!=value`; orders of versions stay open. */
function evaluateOsRelease(fields: Readonly<Record<string, string>>, parameter: string): boolean | undefined {
  const match = /^([A-Z_0-9]+)(!?=)([^=<>~]*)$/.exec(parameter);
  if (!match) return undefined;
  const [, key = '', operator, value] = match;
  return ((fields[key] ?? '') === value) === (operator === '=');
}
