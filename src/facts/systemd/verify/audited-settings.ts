/**
 * What the settings of one unit lead to: programs, accounts and environment files. Names and paths that depend on an instance that
 * does not exist, and what is looked up in another root, are left out: nothing can be said about them.
 */
import type { RootView } from '../../../root/root-view.ts';
import { isGlob, matchesGlob } from '../../conf-files/glob.ts';
import { ownSectionOf } from '../directives/registry.ts';
import type { LoadedUnit } from '../loaded-unit.ts';
import type { Assignment } from '../unit-fact.ts';
import { parseExecCommands } from '../values/exec-command.ts';
import { splitWords } from '../values/words.ts';
import { defaultSearchPath, type Program, type Programs } from './program-state.ts';
import type { AuditedAccount, AuditedCommand, AuditedFile } from './unit-audit-fact.ts';
import { isVolatile } from './volatile-path.ts';

/** Stands for the instance of a template that nothing instantiates; without a dash, which would be a slash in a path. */
export const probeInstance = 'checkimageprobe';

const commandKeys: Readonly<Record<string, readonly string[]>> = {
  Service: ['ExecCondition', 'ExecStartPre', 'ExecStart', 'ExecStartPost', 'ExecReload', 'ExecStop', 'ExecStopPost'],
  Socket: ['ExecStartPre', 'ExecStartPost', 'ExecStopPre', 'ExecStopPost'],
};

/** Programs of the unit's command lines, in the order of the manual page. */
export function auditCommands(unit: LoadedUnit, programs: Programs): readonly AuditedCommand[] {
  const found: AuditedCommand[] = [];
  const own = unit.ownList('ExecSearchPath');
  const searchPath = own.length > 0 ? own : defaultSearchPath;
  for (const [section, keys] of Object.entries(commandKeys)) {
    for (const directive of keys) {
      for (const { value, location } of assignments(unit, `${section}.${directive}`)) {
        for (const { path, flags } of parseExecCommands(value, unit.context.expand).commands) {
          if (path.includes(probeInstance)) continue;
          const optional = flags.includes('ignore-failure');
          const program = lookUp(unit, path, searchPath, programs);
          found.push({ directive, path, location, optional, ...program, volatile: isVolatile(path) });
        }
      }
    }
  }
  return found;
}

function lookUp(unit: LoadedUnit, path: string, searchPath: readonly string[], programs: Programs): Program {
  if (hasOtherRoot(unit)) return { state: 'undecided' };
  const program = programs.find(path, searchPath);
  return program.state === 'missing' && hasOtherPaths(unit) ? { state: 'undecided' } : program;
}

/** Whether the unit's processes see another root than the image's: nothing is known of that. */
function hasOtherRoot(unit: LoadedUnit): boolean {
  return ['RootDirectory', 'RootImage'].some((key) => unit.ownText(key) !== undefined);
}

/** Whether something is laid over the root that its processes see. */
function hasOtherPaths(unit: LoadedUnit): boolean {
  return ['MountImages', 'ExtensionImages', 'ExtensionDirectories', 'BindPaths', 'BindReadOnlyPaths'].some(
    (key) => unit.ownList(key).length > 0,
  );
}

/** Users and groups that are named and unknown to `isKnown`; numbers need no account. */
export function auditAccounts(
  unit: LoadedUnit,
  isKnown: (kind: AuditedAccount['kind'], name: string) => boolean,
): readonly AuditedAccount[] {
  if (unit.ownFlag('DynamicUser') === true || hasOtherRoot(unit)) return [];
  const found: AuditedAccount[] = [];
  const section = unit.name.type === 'socket' ? ['SocketUser', 'SocketGroup'] : [];
  for (const directive of ['User', 'Group', 'SupplementaryGroups', ...section]) {
    const kind = directive.endsWith('User') ? 'user' : 'group';
    for (const { value, location } of assignments(unit, ownKey(unit, directive))) {
      for (const word of splitWords(value, 'drop').words) {
        const name = unit.context.expand(word);
        if (name === undefined || name.includes(probeInstance) || name.includes('%') || /^[0-9]+$/.test(name)) continue;
        if (!isKnown(kind, name)) found.push({ kind, directive, name, location });
      }
    }
  }
  return found;
}

/** Environment files without `-` that are not there. A pattern must match a file. Throws if that cannot be told. */
export function auditFiles(unit: LoadedUnit, view: RootView): readonly AuditedFile[] {
  const found: AuditedFile[] = [];
  for (const { value, location } of assignments(unit, ownKey(unit, 'EnvironmentFile'))) {
    const path = unit.context.expand(value);
    if (path === undefined || !path.startsWith('/') || path.includes(probeInstance) || path.includes('%')) continue;
    if (!fileExists(view, path))
      found.push({ directive: 'EnvironmentFile', path, location, volatile: isVolatile(path) });
  }
  return found;
}

function fileExists(view: RootView, path: string): boolean {
  if (!isGlob(path)) return view.find(path) !== undefined;
  const slash = path.lastIndexOf('/');
  const directory = path.slice(0, slash);
  if (isGlob(directory)) return true;
  return (view.list(directory || '/') ?? []).some(({ name }) => matchesGlob(path.slice(slash + 1), name));
}

function ownKey(unit: LoadedUnit, directive: string): string {
  return `${ownSectionOf(unit.name.type) ?? ''}.${directive}`;
}

function assignments(unit: LoadedUnit, key: string): readonly Assignment[] {
  return unit.settings.get(key)?.values ?? [];
}
