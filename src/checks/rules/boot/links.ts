/** The links of the boot chain, in the order of the boot. Adding one is a line here, a check of the contract `boot`, and a test. */
import { console } from './console.ts';
import { defaultTarget } from './default-target.ts';
import { entry } from './entry.ts';
import { deviceTree, initrd, kernel } from './entry-files.ts';
import { environment } from './environment.ts';
import { firmware } from './firmware.ts';
import { identifiers } from './identifiers.ts';
import { init } from './init.ts';
import type { BootLink } from './link.ts';
import { mounts } from './mounts.ts';
import { release } from './release.ts';
import { room } from './room.ts';
import { rootDevice } from './root-device.ts';
import { slots } from './slots.ts';

export const bootLinks: readonly BootLink[] = [
  identifiers,
  firmware,
  environment,
  entry,
  kernel,
  initrd,
  deviceTree,
  release,
  rootDevice,
  slots,
  mounts,
  room,
  init,
  defaultTarget,
  console,
];
