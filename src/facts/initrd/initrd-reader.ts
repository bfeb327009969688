/** The fact `initrd`. Unpacking takes longer than all else together, so it is done for questions that need this fact only. */
import { asImageError } from '../../errors.ts';
import type { FileSystem } from '../../filesystems/file-system.ts';
import type { Limits } from '../../limits.ts';
import type { Location } from '../../location.ts';
import type { RootView as View } from '../../root/root-view.ts';
import { RootView } from '../../root/root-view.ts';
import { LoaderDisk } from '../boot/entry-files.ts';
import type { FactContext, FactReader, FactResult } from '../fact.ts';
import { readInstalledKernels } from '../kernel/installed-kernels.ts';
import type { InstalledKernel } from '../kernel/kernel-fact.ts';
import type { InitrdFact } from './initrd-fact.ts';
import { providesProgram, readInitrdPrograms } from './initrd-programs.ts';

const shared = 'initrd/content';

export const initrdReader: FactReader<'initrd'> = {
  id: 'initrd',
  title: 'Kernel modules in the initrd of the boot entry, and programs it lacks',
  reads: ['the initrd files of the boot entry'],
  needs: ['boot'],
  prepare: async (view, context) => {
    const content = await openInitrds(view, context);
    context.share(shared, () => content);
  },
  read: (_view, context) =>
    context.share<FactResult<InitrdFact>>(shared, () => result({ state: 'closed', kernels: [], lacks: [] })),
};

/** Opens every initrd of the entry in turn: the kernel unpacks them one over the other. */
async function openInitrds(view: View, context: FactContext): Promise<FactResult<InitrdFact>> {
  const { boot } = context.image;
  const lines = boot?.entry?.initrd ?? [];
  if (!boot?.entry || lines.length === 0) return result({ state: 'none', kernels: [], lacks: [] });
  const disk = new LoaderDisk(boot.entry.source, boot.devices, view.limits);
  const files = lines.map((line) => disk.find(line));
  const location = files[0]?.file.location;
  const place = location ? { location } : {};
  const unreadable = (reason: string): FactResult<InitrdFact> =>
    result({ state: 'unreadable', reason, ...place, kernels: [], lacks: [] });
  const opened: FileSystem[] = [];
  try {
    const { openCpio } = await import('../../filesystems/cpio/open-cpio.ts');
    for (const { source } of files) {
      if (!source) return unreadable('it is not there');
      opened.push(await openCpio(source, { limits: view.limits }));
    }
    return readContent(opened, view.limits, place);
  } catch (thrown) {
    return unreadable(asImageError(thrown).message);
  } finally {
    for (const fileSystem of opened) fileSystem.close();
  }
}

/** Modules may lie in any of the archives; programs are looked at where `/init` is, which the others only add to. */
function readContent(
  opened: readonly FileSystem[],
  limits: Limits,
  place: { readonly location?: Location },
): FactResult<InitrdFact> {
  const views = opened.map((fileSystem) => new RootView([{ path: '/', fileSystem }], limits));
  const kernels: { release: string; modules: readonly string[] }[] = [];
  for (const inside of views.map(readInstalledKernels)) {
    const [gap] = inside.gaps;
    if (gap) return result({ state: 'unreadable', reason: gap.cause.message, ...place, kernels, lacks: [] });
    kernels.push(...inside.kernels.map(({ release, modules }) => ({ release, modules: listAvailable(modules) })));
  }
  const main = views.find((view) => view.exists('/init') !== 'no') ?? views[0];
  const others = views.filter((view) => view !== main);
  const { lacks, problem } = main ? readInitrdPrograms(main) : { lacks: [] };
  const missing = lacks.filter(({ program }) => others.every((view) => !providesProgram(view, program)));
  return result({ state: 'read', ...place, kernels, lacks: missing, ...(problem === undefined ? {} : { problem }) });
}

/** Names of the modules that are files; those built in are the kernel's own. */
function listAvailable(modules: InstalledKernel['modules']): readonly string[] {
  return Object.values(modules)
    .filter(({ state }) => state !== 'builtin')
    .map(({ name }) => name)
    .sort();
}

function result(value: InitrdFact): FactResult<InitrdFact> {
  return { value, diagnostics: [], gaps: [] };
}
