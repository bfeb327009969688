/** The fact `initrd`. Unpacking takes longer than all else together, so it is done for questions that need this fact only. */
import { asImageError } from '../../errors.ts';
import type { RootView as View } from '../../root/root-view.ts';
import { RootView } from '../../root/root-view.ts';
import { LoaderDisk } from '../boot/entry-files.ts';
import type { FactContext, FactReader, FactResult } from '../fact.ts';
import { readInstalledKernels } from '../kernel/installed-kernels.ts';
import type { InstalledKernel } from '../kernel/kernel-fact.ts';
import type { InitrdFact } from './initrd-fact.ts';

const shared = 'initrd/content';

export const initrdReader: FactReader<'initrd'> = {
  id: 'initrd',
  title: 'Kernel modules in the initrd of the boot entry',
  reads: ['the initrd files of the boot entry'],
  needs: ['boot'],
  prepare: async (view, context) => {
    const content = await openInitrds(view, context);
    context.share(shared, () => content);
  },
  read: (_view, context) =>
    context.share<FactResult<InitrdFact>>(shared, () => result({ state: 'closed', kernels: [] })),
};

/** Opens every initrd of the entry in turn: the kernel unpacks them one over the other. */
async function openInitrds(view: View, context: FactContext): Promise<FactResult<InitrdFact>> {
  const { boot } = context.image;
  const lines = boot?.entry?.initrd ?? [];
  if (!boot?.entry || lines.length === 0) return result({ state: 'none', kernels: [] });
  const disk = new LoaderDisk(boot.entry.source, boot.devices, view.limits);
  const kernels: { release: string; modules: readonly string[] }[] = [];
  const files = lines.map((line) => disk.find(line));
  const [first] = files;
  const location = first?.file.location;
  const place = location ? { location } : {};
  try {
    const { openCpio } = await import('../../filesystems/cpio/open-cpio.ts');
    for (const { source } of files) {
      if (!source) return result({ state: 'unreadable', reason: 'it is not there', ...place, kernels });
      const fileSystem = await openCpio(source, { limits: view.limits });
      try {
        const inside = readInstalledKernels(new RootView([{ path: '/', fileSystem }], view.limits));
        const [gap] = inside.gaps;
        if (gap) return result({ state: 'unreadable', reason: gap.cause.message, ...place, kernels });
        kernels.push(...inside.kernels.map(({ release, modules }) => ({ release, modules: listAvailable(modules) })));
      } finally {
        fileSystem.close();
      }
    }
    return result({ state: 'read', ...place, kernels });
  } catch (thrown) {
    return result({ state: 'unreadable', reason: asImageError(thrown).message, ...place, kernels });
  }
}

/** Names of the modules that are files; those built in are the kernel's own. */
function listAvailable(modules: InstalledKernel['modules']): readonly string[] {
  return Object.values(modules)
    .filter(({ state }) => state === 'available')
    .map(({ name }) => name)
    .sort();
}

function result(value: InitrdFact): FactResult<InitrdFact> {
  return { value, diagnostics: [], gaps: [] };
}
