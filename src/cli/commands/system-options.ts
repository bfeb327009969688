/** Options that choose one of several NixOS systems in an image, and what help says of others that every command takes. */
import type { Command } from 'commander';
import type { SystemRequest } from '../../root/nixos/system-candidate.ts';
import { UsageError } from '../usage-error.ts';

export interface SystemOptions {
  readonly system?: string;
  readonly generation?: string;
  readonly specialisation?: string;
}

export const backingHelp =
  'also read the files a disk names (backing files of qcow2, extents of VMDK), from the folder of the image only';

export function addSystemOptions(command: Command): Command {
  return command
    .option('--system <path>', 'the NixOS system to read instead of the one that boots: its store path')
    .option('--generation <n>', 'the generation of NixOS to read instead of the one that boots')
    .option('--specialisation <name>', 'a specialisation of the NixOS system');
}

/** Throws UsageError. */
export function readSystemRequest({ system, generation, specialisation }: SystemOptions): SystemRequest {
  if (generation !== undefined && !/^\d{1,9}$/.test(generation))
    throw new UsageError(`${generation} is no number of a generation`, 'write --generation 3');
  return {
    ...(system === undefined ? {} : { system }),
    ...(generation === undefined ? {} : { generation: Number(generation) }),
    ...(specialisation === undefined ? {} : { specialisation }),
  };
}
