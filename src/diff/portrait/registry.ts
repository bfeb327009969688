/** Every concern, in the order of a report. Adding one is a file, a line here, and a test. */
import type { Concern } from './concern.ts';
import { bootConcern } from './concerns/boot.ts';
import { groupsConcern } from './concerns/groups.ts';
import { k3sConcern } from './concerns/k3s.ts';
import { kernelOptionsConcern } from './concerns/kernel-options.ts';
import { modulesConcern } from './concerns/modules.ts';
import { mountsConcern } from './concerns/mounts.ts';
import { networkConcern } from './concerns/network.ts';
import { packagesConcern } from './concerns/packages.ts';
import { portsConcern } from './concerns/ports.ts';
import { sysctlConcern } from './concerns/sysctl.ts';
import { systemConcern } from './concerns/system.ts';
import { tmpfilesConcern } from './concerns/tmpfiles.ts';
import { unitsConcern } from './concerns/units.ts';
import { usersConcern } from './concerns/users.ts';

export const concerns: readonly Concern[] = [
  systemConcern,
  packagesConcern,
  unitsConcern,
  k3sConcern,
  sysctlConcern,
  modulesConcern,
  kernelOptionsConcern,
  networkConcern,
  portsConcern,
  mountsConcern,
  bootConcern,
  usersConcern,
  groupsConcern,
  tmpfilesConcern,
];
