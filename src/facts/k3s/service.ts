/** The k3s service of an image: which units there are, what they run, and so which role the machine has. */
import type { Location } from '../../location.ts';
import type { RootView } from '../../root/root-view.ts';
import { createTable } from '../../table.ts';
import type { FactContext, Gap } from '../fact.ts';
import { expandSpecifiers } from '../systemd/specifiers.ts';
import type { UnitFact } from '../systemd/unit-fact.ts';
import { parseUnitName } from '../systemd/unit-name.ts';
import { type Role, splitAtRole } from './arguments.ts';
import { type CommandLine, parseCommandLine } from './command-line.ts';
import type { K3sFact, K3sRole } from './k3s-fact.ts';
import { readServiceEnvironment, type ServiceEnvironment, valuesOf } from './service-environment.ts';

export interface K3sService {
  readonly role: K3sRole;
  readonly roleEvidence: K3sFact['roleEvidence'];
  readonly unit?: string;
  readonly command?: CommandLine;
  readonly environment: ServiceEnvironment;
  readonly gaps: readonly Gap[];
}

/** Units that run k3s: of the ISAR packages, of upstream's installer, of NixOS. The role of the last is in its command. */
const knownUnits = ['k3s-server.service', 'k3s-agent.service', 'k3s.service'] as const;
const packageRoles: Readonly<Record<string, Role>> = { 'k3s-server': 'server', 'k3s-agent': 'agent' };
const unitRoles: Readonly<Record<string, Role>> = { 'k3s-server.service': 'server', 'k3s-agent.service': 'agent' };

interface Candidate {
  readonly unit: UnitFact;
  readonly role: Role | undefined;
  readonly command: CommandLine | undefined;
  readonly environment: ServiceEnvironment;
}

/** Units that start at boot decide the role, then installed packages, then units that are merely there. */
export function readK3sService(view: RootView, context: FactContext): K3sService {
  const gaps: Gap[] = [];
  const take = <T>({ value, gaps: found }: { readonly value: T; readonly gaps: readonly Gap[] }): T => {
    gaps.push(...found.map(({ cause }) => ({ cause, keys: ['role'] })));
    return value;
  };
  const evidence: { text: string; location: K3sFact['roleEvidence'][number]['location'] }[] = [];
  const packaged = new Set<Role>();
  for (const { name, status, location } of take(context.get('packages')).packages) {
    const role = packageRoles[name];
    if (!role || !/(?:^| )installed$/.test(status)) continue;
    packaged.add(role);
    evidence.push({ text: `the package ${name} is installed`, location });
  }
  const candidates = knownUnits.flatMap((name) => {
    const unit = context.get('unit', name).value;
    return unit.loadState === 'not-found' ? [] : [readCandidate(view, unit)];
  });
  const startup = candidates.length === 0 ? undefined : context.get('startup');
  const starting = candidates.filter(({ unit, role }) => role && startup?.value.units[unit.name]?.state === 'boot');
  if (startup) take(startup);
  for (const { unit, role } of starting) {
    const because = startup?.value.units[unit.name]?.because ?? [];
    const location = because[because.length - 1]?.location ?? unit.fragment;
    if (location) evidence.push({ text: `${unit.name} starts at boot, with the role ${role}`, location });
  }
  const started = new Set(starting.map(({ role }) => role as Role));
  const decided = [started, packaged].find(({ size }) => size > 0);
  const role = roleOf(decided ?? rolesOf(candidates, evidence));
  const fitting = role === 'both' ? 'server' : role;
  const chosen =
    starting.find((candidate) => candidate.role === fitting) ??
    candidates.find((candidate) => candidate.role === fitting && candidate.unit.loadState !== 'masked');
  if (chosen) {
    const found = context.get('unit', chosen.unit.name).gaps;
    gaps.push(...found.map(({ cause }) => ({ cause, keys: ['arguments', 'environment', 'settings', 'dataDir'] })));
  }
  return {
    role,
    roleEvidence: evidence,
    ...(chosen ? { unit: chosen.unit.name } : {}),
    ...(chosen?.command ? { command: chosen.command } : {}),
    environment: chosen?.environment ?? { environment: createTable(), files: [], gaps: [] },
    gaps,
  };
}

/** What units would do that nothing starts: better than no role, for a machine made to run them. */
function rolesOf(candidates: readonly Candidate[], evidence: { text: string; location: Location }[]): Set<Role> {
  const roles = new Set<Role>();
  for (const { unit, role, command } of candidates) {
    if (!role || !command) continue;
    roles.add(role);
    evidence.push({ text: `${unit.name} has the role ${role}`, location: command.location });
  }
  return roles;
}

function roleOf(roles: ReadonlySet<Role>): K3sRole {
  if (roles.size === 2) return 'both';
  return roles.has('server') ? 'server' : roles.has('agent') ? 'agent' : 'none';
}

function readCandidate(view: RootView, unit: UnitFact): Candidate {
  const name = parseUnitName(unit.name);
  const host = { architecture: undefined, machineId: undefined, hostname: undefined, prettyHostname: undefined };
  const expand = (text: string): string | undefined =>
    name && expandSpecifiers(text, { name, fragmentPath: unit.fragmentPath, host: () => ({ ...host, osRelease: {} }) });
  const environment = readServiceEnvironment(view, unit, expand);
  const commands = valuesOf(unit, 'ExecStart').flatMap((assignment) =>
    parseCommandLine(assignment, environment.environment, expand),
  );
  const command = commands.find((one) => splitAtRole(one.arguments).role !== undefined) ?? commands[0];
  const role = unitRoles[unit.name] ?? (command && splitAtRole(command.arguments).role);
  return { unit, role, command, environment };
}
