/**
 * systemd-sysv-generator(8): a service for every init script without a unit of its name, pulled in by the targets of the run levels
 * that start it. Native units, masks and aliases among them, come first; order among scripts without LSB header is by number.
 */
import type { RootView } from '../../../root/root-view.ts';
import { locateEntry } from '../../conf-files/conf-files.ts';
import { isHiddenOrBackup } from '../hidden-names.ts';
import { isGeneratorDirectory, unitSearchPath } from '../search-path.ts';
import { escapeSpecifiers, type Generated, type GeneratedLink, nothing } from './generated.ts';
import { findGenerator } from './generator-files.ts';
import { parseSysvScript, type SysvScript, unitOfScript } from './sysv-script.ts';

const scripts = '/etc/init.d';
const runLevels: readonly (readonly [directory: string, target: string])[] = [
  ['/etc/rc1.d', 'rescue.target'],
  ['/etc/rc2.d', 'multi-user.target'],
  ['/etc/rc3.d', 'multi-user.target'],
  ['/etc/rc4.d', 'multi-user.target'],
  ['/etc/rc5.d', 'graphical.target'],
];
/** More scripts than any system has. */
const maxScripts = 1000;

interface Service {
  readonly path: string;
  readonly name: string;
  readonly script: SysvScript;
  /** The number in the names of its links; the greatest counts. */
  priority: number;
  /** Once for each run level. */
  readonly targets: string[];
  readonly links: GeneratedLink[];
}

/** Nothing if the image has no such generator or it is masked. Throws if a script or directory cannot be read. */
export function generateForScripts(view: RootView): Generated {
  if (findGenerator(view, 'systemd-sysv-generator') === undefined) return nothing;
  const services = findServices(view);
  if (services.size === 0) return nothing;
  for (const [directory, target] of runLevels) readRunLevel(view, directory, target, services);
  const all = [...services.values()];
  return {
    units: all.map((service) => ({
      name: service.name,
      text: serviceText(service, all),
      origin: view.locate(service.path),
      late: true,
    })),
    links: all.flatMap(({ links }) => links),
    aliases: all.flatMap(({ name, path, script }) =>
      script.aliases
        .filter((alias) => !services.has(alias))
        .map((alias) => ({ name: alias, to: name, origin: view.locate(path), late: true as const })),
    ),
    masks: [],
  };
}

function findServices(view: RootView): Map<string, Service> {
  const services = new Map<string, Service>();
  for (const { name: file } of view.list(scripts) ?? []) {
    const path = `${scripts}/${file}`;
    const name = unitOfScript(file);
    if (services.size >= maxScripts || isHiddenOrBackup(file) || services.has(name) || hasUnit(view, name)) continue;
    const stat = view.stat(path);
    if (stat?.type !== 'file' || (stat.mode & 0o100) === 0) continue;
    const script = parseSysvScript(view.readText(path) ?? '', file);
    services.set(name, { path, name, script, priority: -1, targets: [], links: [] });
  }
  return services;
}

/** Whether any unit directory that no generator fills has the name. */
function hasUnit(view: RootView, name: string): boolean {
  return unitSearchPath.some((path) => !isGeneratorDirectory(path) && view.lstat(`${path}/${name}`) !== undefined);
}

function readRunLevel(view: RootView, directory: string, target: string, services: ReadonlyMap<string, Service>): void {
  for (const { name } of view.list(directory) ?? []) {
    const [, number, file] = /^S([0-9]{2})(.+)$/s.exec(name) ?? [];
    const service = file === undefined ? undefined : services.get(unitOfScript(file));
    if (!service) continue;
    service.priority = Math.max(service.priority, Number(number));
    service.targets.push(target);
    const origin = locateEntry(view, `${directory}/${name}`);
    if (!service.links.some(({ from }) => from === target))
      service.links.push({ from: target, kind: 'Wants', to: service.name, origin });
  }
}

function serviceText(service: Service, all: readonly Service[]): string {
  const { path, script, targets } = service;
  const escaped = escapeSpecifiers(path);
  const ordered = all.filter((other) => isOrdered(service, other));
  const earlier = ordered.filter(({ priority }) => priority < service.priority).map(({ name }) => name);
  const later = ordered.filter(({ priority }) => priority > service.priority).map(({ name }) => name);
  const lines = (key: string, values: readonly string[]): readonly string[] => values.map((one) => `${key}=${one}`);
  return [
    '[Unit]',
    'Documentation=man:systemd-sysv-generator(8)',
    `SourcePath=${escaped}`,
    ...(script.description === undefined ? [] : [`Description=${escapeSpecifiers(script.description)}`]),
    ...lines('Before', [...targets, ...script.before, ...later]),
    ...lines('After', [...script.after, ...earlier]),
    ...lines('Wants', script.wants),
    '[Service]',
    'Type=forking',
    'Restart=no',
    'TimeoutSec=5min',
    'IgnoreSIGPIPE=no',
    'KillMode=process',
    'GuessMainPID=no',
    `RemainAfterExit=${script.pidFile === undefined ? 'yes' : 'no'}`,
    ...(script.pidFile === undefined ? [] : [`PIDFile=${escapeSpecifiers(script.pidFile)}`]),
    // Not installed and not configured are no failures by the LSB.
    ...(script.hasHeader ? ['SuccessExitStatus=5 6'] : []),
    `ExecStart=${escaped} start`,
    `ExecStop=${escaped} stop`,
    ...(script.reloads ? [`ExecReload=${escaped} reload`] : []),
    '',
  ].join('\n');
}

/** Numbers order two scripts unless both have a header. */
function isOrdered(one: Service, other: Service): boolean {
  return one !== other && one.priority >= 0 && other.priority >= 0 && !(one.script.hasHeader && other.script.hasHeader);
}
