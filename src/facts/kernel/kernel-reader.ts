/** The fact `kernel`: installed kernels with their modules, and the configuration of systemd-modules-load and kmod. */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { asImageError } from '../../errors.ts';
import type { Location } from '../../location.ts';
import type { RootView } from '../../root/root-view.ts';
import type { Table } from '../../table.ts';
import { LoaderDisk } from '../boot/entry-files.ts';
import { readKernelImage } from '../boot/kernel-image.ts';
import { confDirectories, listConfFiles, readConfTexts } from '../conf-files/conf-files.ts';
import type { FactContext, FactReader, FactResult, ImageFacts } from '../fact.ts';
import { moduleRoots, readInstalledKernels } from './installed-kernels.ts';
import { parseKernelConfig } from './kernel-config.ts';
import type { InstalledKernel, KernelFact } from './kernel-fact.ts';
import { createModprobeSettings, parseModprobeFile } from './modprobe-file.ts';
import { parseModuleBlocks } from './modprobe-parameters.ts';
import { parseModuleParameters, parseModulesLoad } from './modules-load.ts';

export const kernelReader: FactReader<'kernel'> = {
  id: 'kernel',
  title: 'installed kernels, their modules, and what loads or blocks modules at boot',
  reads: [
    ...moduleRoots.map((root) => `${root}/*/modules.{builtin,dep,dep.bin}`),
    '/boot/{config,vmlinuz,vmlinux,Image}-*',
    'the kernel that boots, where no config-* tells how it was built',
    ...confDirectories('modules-load.d').map((directory) => `${directory}/*.conf`),
    ...confDirectories('modprobe.d').map((directory) => `${directory}/*.conf`),
  ],
  needs: [],
  prepare: async (view, context) => {
    const embedded = await readOwnConfig(view, context);
    context.share(shared, () => embedded);
  },
  read: (view, context) => {
    const embedded = context.share<OwnConfig | undefined>(shared, () => undefined);
    const result = readKernel(view, context.image.commandLine);
    if (!embedded) return result;
    const kernels = withOwnConfig(result.value.kernels, embedded);
    return { ...result, value: { ...result.value, kernels } };
  },
};

const shared = 'kernel/embedded-config';

/** The configuration that the kernel which boots carries inside. */
interface OwnConfig {
  /** Absent where the kernel does not tell: it is that of the only modules there are. */
  readonly release?: string;
  readonly config: Table<string>;
  readonly location: Location;
}

/** Unpacking a kernel takes as long as all else together, so it is done only where no file tells its configuration. */
async function readOwnConfig(view: RootView, { image }: FactContext): Promise<OwnConfig | undefined> {
  try {
    const kernel = findBootedKernel(view, image);
    if (!kernel) return undefined;
    const { source, release } = kernel;
    if (release !== undefined && view.exists(`/boot/config-${release}`) !== 'no') return undefined;
    const { readEmbeddedConfig } = await import('./embedded-config.ts');
    const text = await readEmbeddedConfig(source, view.limits);
    if (text === undefined) return undefined;
    const location: Location = { source: source.label };
    return { ...(release === undefined ? {} : { release }), config: parseKernelConfig(text), location };
  } catch (thrown) {
    // A kernel that cannot be unpacked tells nothing; whether it boots is another question.
    asImageError(thrown);
    return undefined;
  }
}

interface BootedKernel {
  readonly source: ByteSource;
  readonly release?: string;
}

/** The kernel of the boot entry; on NixOS that of the system, which every loader copies. */
function findBootedKernel(view: RootView, { boot, nixos }: ImageFacts): BootedKernel | undefined {
  if (nixos) {
    const path = `${nixos.toplevel}/kernel`;
    if (view.exists(path) !== 'yes') return undefined;
    const source = view.open(path);
    const { release } = readKernelImage(source);
    return { source, ...(release ? { release: release.text } : {}) };
  }
  if (!boot?.entry?.linux) return undefined;
  const disk = new LoaderDisk(boot.entry.source, boot.devices, view.limits);
  const { release } = disk.findKernel(boot.entry.linux);
  const { source } = disk.find(boot.entry.linux);
  return release && source ? { source, release: release.text } : undefined;
}

function withOwnConfig(kernels: readonly InstalledKernel[], own: OwnConfig): readonly InstalledKernel[] {
  const { release = kernels.length === 1 ? kernels[0]?.release : undefined, config, location } = own;
  return kernels.map((kernel) =>
    kernel.release !== release || kernel.config ? kernel : { ...kernel, config, configLocation: location },
  );
}

/** Everything about kernels and modules that files and the command line decide. */
export function readKernel(view: RootView, commandLine?: ImageFacts['commandLine']): FactResult<KernelFact> {
  const installed = readInstalledKernels(view);
  const loads = listConfFiles(view, confDirectories('modules-load.d'), '.conf');
  const loadTexts = readConfTexts(view, loads.files);
  const modprobe = listConfFiles(view, confDirectories('modprobe.d'), '.conf', { skipDirectories: true });
  const modprobeTexts = readConfTexts(view, modprobe.files);

  const settings = createModprobeSettings();
  if (commandLine) settings.blocks.push(...parseModuleBlocks(commandLine.text, commandLine.location));
  for (const { file, text } of modprobeTexts.texts) parseModprobeFile(text, file.location, settings);

  const gaps = [...installed.gaps, ...loads.gaps, ...loadTexts.gaps, ...modprobe.gaps, ...modprobeTexts.gaps];
  return {
    value: {
      kernels: installed.kernels,
      requests: [
        ...(commandLine ? parseModuleParameters(commandLine.text, commandLine.location) : []),
        ...loadTexts.texts.flatMap(({ file, text }) => parseModulesLoad(text, file.location)),
      ],
      ...settings,
      files: [...loads.files, ...modprobe.files].map(({ location }) => location),
      masked: [...loads.masked, ...modprobe.masked],
    },
    diagnostics: gaps.map(({ cause }) => cause),
    gaps,
  };
}
