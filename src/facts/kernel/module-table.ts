/**
 * The modules of one kernel. libkmod, so modprobe and systemd-modules-load, finds them by modules.dep.bin: what only modules.dep or the
 * directories have is not found. The text still tells the line of a module; where depmod has left it alone, as that of busybox does, it
 * is believed.
 */
import { asImageError } from '../../errors.ts';
import type { Location } from '../../location.ts';
import { createLazyTable, type Table } from '../../table.ts';
import type { KernelModule } from './kernel-fact.ts';
import type { ModuleIndex } from './module-index.ts';
import type { ModuleList } from './module-list.ts';

/** What a directory of modules says. */
export interface ModuleSources {
  /** View path where the paths in the lists start. */
  readonly directory: string;
  readonly builtin: ModuleList | undefined;
  /** modules.dep. */
  readonly available: ModuleList | undefined;
  /** Where module files are, by canonical name, if there is no modules.dep. */
  readonly files: Table<ModuleFile>;
  readonly index: IndexFile;
}

export interface ModuleFile {
  readonly file: string;
  readonly location: Location;
}

/** modules.dep.bin. */
export interface IndexFile {
  readonly path: string;
  readonly location: Location;
  readonly index?: ModuleIndex;
  readonly isAbsent?: true;
  /** Why there is none, in a sentence. */
  readonly reason?: string;
}

/** By canonical name; what is built in counts first. Listed are the names of the texts, or of the files. */
export function createModuleTable(sources: ModuleSources): Table<KernelModule> {
  const { builtin, available, files } = sources;
  return createLazyTable({
    find(name) {
      const line = builtin?.find(name);
      if (builtin && line !== undefined) return { name, state: 'builtin', location: builtin.locate(line) };
      if (available && sources.index.isAbsent) return makeListed(sources.directory, available, name);
      const { text, reason } = findInIndex(sources.index, name);
      return text ? makeIndexed(sources, name, text) : makeUnlisted(sources, name, reason);
    },
    names: () => [...new Set([...(builtin?.names() ?? []), ...(available?.names() ?? []), ...Object.keys(files)])],
  });
}

interface IndexAnswer {
  /** Its line, decoded when it is asked for. */
  readonly text?: () => string;
  /** Why it is not found, in a sentence. */
  readonly reason: string;
}

function findInIndex({ index, path, reason = '' }: IndexFile, name: string): IndexAnswer {
  if (!index) return { reason };
  try {
    const start = index.find(name);
    return start === undefined ? { reason: `${path} does not list it` } : { text: () => index.lineAt(start), reason };
  } catch (thrown) {
    return { reason: `${path} is damaged: ${asImageError(thrown).message}` };
  }
}

function makeIndexed({ directory, available, index }: ModuleSources, name: string, text: () => string): KernelModule {
  let parsed: ModuleLine | undefined;
  const line = (): ModuleLine => {
    parsed ??= parseModuleLine(text());
    return parsed;
  };
  return {
    name,
    state: 'available',
    get file() {
      return viewPath(directory, line().file);
    },
    get dependencies() {
      return line().dependencies.map((one) => viewPath(directory, one));
    },
    get location() {
      const at = available?.find(name, line().file);
      return available && at !== undefined ? available.locate(at) : index.location;
    },
  };
}

/** As modules.dep has it. */
function makeListed(directory: string, available: ModuleList, name: string): KernelModule | undefined {
  const at = available.find(name);
  if (at === undefined) return undefined;
  const { file, dependencies } = parseModuleLine(available.lineAt(at));
  return {
    name,
    state: 'available',
    file: viewPath(directory, file),
    dependencies: dependencies.map((one) => viewPath(directory, one)),
    location: available.locate(at),
  };
}

function makeUnlisted(
  { directory, available, files, index }: ModuleSources,
  name: string,
  reason: string,
): KernelModule | undefined {
  const listed = available ? makeListed(directory, available, name) : files[name];
  return listed && { ...listed, name, state: 'unlisted', unlisted: { reason, index: index.location } };
}

interface ModuleLine {
  readonly file: string;
  readonly dependencies: readonly string[];
}

/** `FILE: NEEDED NEEDED`, paths as they are written. */
function parseModuleLine(line: string): ModuleLine {
  const colon = line.indexOf(':');
  if (colon < 0) return { file: line, dependencies: [] };
  return {
    file: line.slice(0, colon),
    dependencies: line
      .slice(colon + 1)
      .split(' ')
      .filter((one) => one !== ''),
  };
}

const viewPath = (directory: string, file: string): string => (file.startsWith('/') ? file : `${directory}/${file}`);
