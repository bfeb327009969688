/** The fact `kernel`: installed kernels with their modules, and the configuration of systemd-modules-load and kmod. */
import type { RootView } from '../../root/root-view.ts';
import { confDirectories, listConfFiles, readConfTexts } from '../conf-files/conf-files.ts';
import type { FactReader, FactResult, ImageFacts } from '../fact.ts';
import { moduleRoots, readInstalledKernels } from './installed-kernels.ts';
import type { KernelFact } from './kernel-fact.ts';
import { createModprobeSettings, parseModprobeFile } from './modprobe-file.ts';
import { parseModuleBlocks } from './modprobe-parameters.ts';
import { parseModuleParameters, parseModulesLoad } from './modules-load.ts';

export const kernelReader: FactReader<'kernel'> = {
  id: 'kernel',
  title: 'installed kernels, their modules, and what loads or blocks modules at boot',
  reads: [
    ...moduleRoots.map((root) => `${root}/*/modules.{builtin,dep}`),
    '/boot/{config,vmlinuz,vmlinux,Image}-*',
    ...confDirectories('modules-load.d').map((directory) => `${directory}/*.conf`),
    ...confDirectories('modprobe.d').map((directory) => `${directory}/*.conf`),
  ],
  needs: [],
  read: (view, context) => readKernel(view, context.image.commandLine),
};

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
