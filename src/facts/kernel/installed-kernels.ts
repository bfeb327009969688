/**
 * The kernels of an image: one per directory of modules, and one per kernel image that has none. A modules directory counts if
 * depmod's lists or module files are in it; NixOS keeps it in the system closure, never in /lib.
 */
import { compareNames } from '../../bytes/names.ts';
import { damageFrom } from '../../diagnostic.ts';
import { asImageError } from '../../errors.ts';
import { limitExceeded } from '../../limits.ts';
import type { RootView } from '../../root/root-view.ts';
import { createTable, type Table } from '../../table.ts';
import type { Gap } from '../fact.ts';
import { type BootFiles, readBootFiles } from './boot-files.ts';
import { parseKernelConfig } from './kernel-config.ts';
import type { InstalledKernel, KernelModule } from './kernel-fact.ts';
import { ModuleIndex } from './module-index.ts';
import { ModuleList } from './module-list.ts';
import { moduleNameOfFile } from './module-name.ts';
import { createModuleTable, type IndexFile, type ModuleFile } from './module-table.ts';

/** Where directories named by release lie; the last two are NixOS. */
export const moduleRoots: readonly string[] = [
  '/usr/lib/modules',
  '/lib/modules',
  '/run/current-system/kernel-modules/lib/modules',
  '/nix/var/nix/profiles/system/kernel-modules/lib/modules',
];

export interface InstalledKernels {
  readonly kernels: readonly InstalledKernel[];
  readonly gaps: readonly Gap[];
}

/** Kernels sorted by release. A gap without keys means that a list of modules could not be read. */
export function readInstalledKernels(view: RootView): InstalledKernels {
  const gaps: Gap[] = [];
  const boot = readBootFiles(view);
  gaps.push(...boot.gaps);
  const directories = findModuleDirectories(view, gaps);
  const kernels: InstalledKernel[] = [];
  for (const release of new Set([...directories.keys(), ...boot.images.keys()])) {
    const directory = directories.get(release);
    const modules = directory === undefined ? createTable<KernelModule>() : readModules(view, directory, gaps);
    if (!modules) continue;
    const image = findImage(view, boot, release, directory);
    kernels.push(
      withConfig(
        {
          release,
          ...(directory === undefined ? {} : { modulesPath: directory }),
          modules,
          ...(image ? { image } : {}),
        },
        boot,
        gaps,
      ),
    );
  }
  kernels.sort((a, b) => compareNames(a.release, b.release));
  return { kernels, gaps };
}

/** Canonical paths by release. */
function findModuleDirectories(view: RootView, gaps: Gap[]): ReadonlyMap<string, string> {
  const directories = new Map<string, string>();
  for (const root of moduleRoots) {
    try {
      for (const { name } of view.list(root) ?? []) {
        const found = view.find(`${root}/${name}`);
        if (found && !directories.has(name) && found.fileSystem.stat(found.node).type === 'directory')
          directories.set(name, found.path);
      }
    } catch (thrown) {
      gaps.push({ cause: { location: view.locate(root), ...damageFrom(asImageError(thrown)) } });
    }
  }
  return directories;
}

/** The modules of one directory; undefined if nothing in it is of a kernel. */
function readModules(view: RootView, directory: string, gaps: Gap[]): Table<KernelModule> | undefined {
  try {
    const builtin = readList(view, `${directory}/modules.builtin`);
    const available = readList(view, `${directory}/modules.dep`);
    const files = available ? createTable<ModuleFile>() : findModuleFiles(view, directory);
    if (!builtin && !available && Object.keys(files).length === 0) return undefined;
    const index = readIndex(view, `${directory}/modules.dep.bin`);
    return createModuleTable({ directory, builtin, available, files, index });
  } catch (thrown) {
    gaps.push({ cause: { location: view.locate(directory), ...damageFrom(asImageError(thrown)) } });
    return createTable();
  }
}

function readList(view: RootView, path: string): ModuleList | undefined {
  const text = view.readText(path);
  return text === undefined ? undefined : new ModuleList(text, view.locate(path));
}

/** What kmod would not read is no index. Throws if the image cannot be read there. */
function readIndex(view: RootView, path: string): IndexFile {
  const location = view.locate(path);
  const bytes = view.readBytes(path);
  if (!bytes) return { path, location, isAbsent: true, reason: `there is no ${path} to find its modules by` };
  try {
    return { path, location, index: new ModuleIndex(bytes, location) };
  } catch (thrown) {
    return { path, location, reason: `${path} is not what kmod reads: ${asImageError(thrown).message}` };
  }
}

/** Every `*.ko*` below a directory that has no modules.dep; links to directories (`build`, `source`) are not entered. */
function findModuleFiles(view: RootView, top: string): Table<ModuleFile> {
  const { limits } = view;
  const files = createTable<ModuleFile>();
  const todo: { path: string; depth: number }[] = [{ path: top, depth: 0 }];
  let entries = 0;
  for (let next = todo.pop(); next; next = todo.pop()) {
    const { path: directory, depth } = next;
    if (depth > limits.depth) throw limitExceeded('depth', limits, directory, view.locate(directory));
    for (const { name: base, type } of view.list(directory) ?? []) {
      entries += 1;
      if (entries > limits.fileSystemEntries) throw limitExceeded('fileSystemEntries', limits, top, view.locate(top));
      const path = `${directory}/${base}`;
      const name = moduleNameOfFile(base);
      if (type === 'directory') todo.push({ path, depth: depth + 1 });
      else if (name !== undefined && !(name in files)) files[name] = { file: path, location: view.locate(path) };
    }
  }
  return files;
}

function findImage(view: RootView, boot: BootFiles, release: string, directory: string | undefined) {
  const known = boot.images.get(release) ?? boot.unified.find(({ name }) => name.includes(release))?.location;
  if (known || directory === undefined) return known;
  const beside = `${directory}/vmlinuz`;
  return view.exists(beside) === 'yes' ? view.locate(beside) : undefined;
}

/** Adds the configuration, read now (it may be damaged) and parsed when first looked at: most questions never do. */
function withConfig(kernel: InstalledKernel, boot: BootFiles, gaps: Gap[]): InstalledKernel {
  const file = boot.configs.get(kernel.release);
  if (!file) return kernel;
  const configLocation = file.view.locate(file.path);
  try {
    const text = file.view.readText(file.path);
    if (text === undefined) return kernel;
    let parsed: Table<string> | undefined;
    return {
      ...kernel,
      configLocation,
      get config() {
        parsed ??= parseKernelConfig(text);
        return parsed;
      },
    };
  } catch (thrown) {
    const cause = { location: configLocation, ...damageFrom(asImageError(thrown)) };
    gaps.push({ cause, keys: [`config-${kernel.release}`] });
    return kernel;
  }
}
