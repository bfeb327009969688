/**
 * What the kernel command line says about modules: `module_blacklist=` (the kernel refuses them), `modprobe.blacklist=` (kmod
 * treats it like modprobe.d), and `MODULE.OPTION=VALUE`.
 */
import type { Location } from '../../location.ts';
import { isParameter, parseCommandLine } from './command-line.ts';
import type { ModuleBlock } from './kernel-fact.ts';
import { canonicalModuleName } from './module-name.ts';

/** Blocks in the order of the command line. */
export function parseModuleBlocks(commandLine: string, location: Location): readonly ModuleBlock[] {
  const blocks: ModuleBlock[] = [];
  for (const parameter of parseCommandLine(commandLine)) {
    const byKernel = isParameter(parameter, 'module_blacklist');
    if (!byKernel && !isParameter(parameter, 'modprobe.blacklist')) continue;
    const kind = byKernel ? 'command line' : 'blacklist';
    const text = `${parameter.key}=${parameter.value ?? ''}`;
    for (const name of parameter.value?.split(',') ?? [])
      if (name !== '') blocks.push({ name: canonicalModuleName(name), kind, text, location });
  }
  return blocks;
}
