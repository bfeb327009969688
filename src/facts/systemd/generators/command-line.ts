/**
 * Generators that read the kernel command line: systemd-getty-generator (a login on every serial console),
 * systemd-debug-generator (`systemd.mask=`, `systemd.wants=`, `systemd.debug_shell`).
 */
import type { Location } from '../../../location.ts';
import { type KernelParameter, parseCommandLine } from '../../kernel/command-line.ts';
import { escapeUnitName, parseUnitName } from '../unit-name.ts';
import { parseBoolean } from '../values/boolean.ts';
import type { Generated, GeneratedLink } from './generated.ts';

/** Links and masks for a command line. */
export function generateFromCommandLine(text: string, origin: Location): Generated {
  const parameters = parseCommandLine(text);
  const links: GeneratedLink[] = loginTerminals(parameters).map((tty) => ({
    from: 'getty.target',
    kind: 'Wants',
    to: `serial-getty@${escapeUnitName(tty)}.service`,
    origin,
  }));
  for (const name of valuesOf(parameters, 'systemd.wants')) links.push(want(unitName(name), origin));
  if (asksForDebugShell(parameters)) links.push(want('debug-shell.service', origin));
  const masks = valuesOf(parameters, 'systemd.mask').map((name) => ({ name: unitName(name), origin }));
  return { units: [], links, masks };
}

/** The unit to boot into, if the command line names one: `systemd.unit=`, a runlevel, `rescue`, `emergency`. */
export function bootUnit(text: string): string | undefined {
  let unit: string | undefined;
  for (const { key, value } of parseCommandLine(text)) {
    if (key === 'systemd.unit') unit = value === undefined ? unit : unitName(value);
    else if (value === undefined && Object.hasOwn(runlevels, key)) unit = runlevels[key];
  }
  return unit;
}

const runlevels: Readonly<Record<string, string>> = {
  emergency: 'emergency.target',
  '-b': 'emergency.target',
  rescue: 'rescue.target',
  single: 'rescue.target',
  s: 'rescue.target',
  S: 'rescue.target',
  '1': 'rescue.target',
  '2': 'multi-user.target',
  '3': 'multi-user.target',
  '4': 'multi-user.target',
  '5': 'graphical.target',
};

/** Consoles that are no virtual terminals. */
function loginTerminals(parameters: readonly KernelParameter[]): readonly string[] {
  const automatic = valuesOf(parameters, 'systemd.getty_auto').at(-1);
  if (automatic !== undefined && parseBoolean(automatic) === false) return [];
  const names = valuesOf(parameters, 'console').map((value) => value.split(',')[0] ?? '');
  return [...new Set(names)].filter((name) => /^[A-Za-z0-9/!_-]+$/.test(name) && !/^(tty\d*|null)$/.test(name));
}

function asksForDebugShell(parameters: readonly KernelParameter[]): boolean {
  const parameter = parameters.findLast(({ key }) => key === 'systemd.debug_shell' || key === 'systemd.debug-shell');
  if (!parameter) return false;
  const { value } = parameter;
  return value === undefined || (parseBoolean(value) ?? value.startsWith('tty'));
}

function valuesOf(parameters: readonly KernelParameter[], name: string): readonly string[] {
  return parameters.flatMap(({ key, value }) => (key === name && value !== undefined && value !== '' ? [value] : []));
}

function want(to: string, origin: Location): GeneratedLink {
  return { from: 'default.target', kind: 'Wants', to, origin };
}

/** A name without a type is a service's. */
function unitName(name: string): string {
  return parseUnitName(name) ? name : `${name}.service`;
}
