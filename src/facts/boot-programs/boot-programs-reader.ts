/**
 * The fact `boot-programs`: Exec lines of services and sockets that start at boot and whose conditions do not keep them from it. Units in
 * a root of their own (RootDirectory=, RootImage=) are left out: their programs are not those of this root.
 */
import type { RootView } from '../../root/root-view.ts';
import type { FactReader } from '../fact.ts';
import type { LoadedUnit } from '../systemd/loaded-unit.ts';
import { shareUnits } from '../systemd/unit-reader.ts';
import type { StartedProgram } from './boot-programs-fact.ts';

/** What runs while a unit starts; ExecReload= and ExecStop= come later, if ever. */
const directives: Readonly<Record<string, readonly string[]>> = {
  service: ['ExecCondition', 'ExecStartPre', 'ExecStart', 'ExecStartPost'],
  socket: ['ExecStartPre', 'ExecStartPost'],
};
const sections: Readonly<Record<string, string>> = { service: 'Service', socket: 'Socket' };
/** Where systemd looks for a bare name. */
const programDirectories = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

export const bootProgramsReader: FactReader<'boot-programs'> = {
  id: 'boot-programs',
  title: 'Programs that the units which start at boot execute',
  reads: ['/etc/systemd/**', '/usr/lib/systemd/**'],
  needs: ['startup', 'platform'],
  read(view, context) {
    const set = shareUnits(view, context);
    const startup = context.get('startup');
    const starting = Object.values(startup.value.units).filter(
      ({ state, skippedBecause }) => state === 'boot' && skippedBecause === undefined,
    );
    const programs = starting.flatMap(({ unit }) => {
      const loaded = set.load(unit);
      return loaded ? programsOf(loaded, view) : [];
    });
    return { value: { programs }, diagnostics: [], gaps: startup.gaps };
  },
};

function programsOf(unit: LoadedUnit, view: RootView): readonly StartedProgram[] {
  const section = sections[unit.name.type];
  const keys = directives[unit.name.type] ?? [];
  if (section === undefined || hasOwnRoot(unit, section)) return [];
  const libraryPath = libraryPathOf(unit.list(`${section}.Environment`));
  const searched = [...unit.list(`${section}.ExecSearchPath`), ...programDirectories];
  return keys.flatMap((directive) => {
    const id = `${section}.${directive}`;
    const lines = unit.settings.get(id)?.values ?? [];
    return unit.commands(id).flatMap(({ path, flags }, index) => {
      // One line can hold several commands; the last line then stands for those that are left.
      const location = (lines[index] ?? lines[lines.length - 1])?.location;
      if (!location) return [];
      const started = {
        unit: unit.id,
        directive,
        path: path.startsWith('/') ? path : findOnPath(path, searched, view),
        mayFail: flags.includes('ignore-failure'),
        location,
      };
      return [libraryPath === undefined ? started : { ...started, libraryPath }];
    });
  });
}

function hasOwnRoot(unit: LoadedUnit, section: string): boolean {
  return ['RootDirectory', 'RootImage'].some((key) => unit.text(`${section}.${key}`) !== undefined);
}

/** Of `A=b` words, the last of a name counts. */
function libraryPathOf(environment: readonly string[]): string | undefined {
  const name = 'LD_LIBRARY_PATH=';
  const value = environment.findLast((word) => word.startsWith(name))?.slice(name.length);
  return value === '' ? undefined : value;
}

function findOnPath(name: string, directories: readonly string[], view: RootView): string {
  const paths = directories.map((directory) => `${directory}/${name}`);
  return paths.find((path) => view.exists(path) === 'yes') ?? name;
}
