/** Every boot loader whose files are read, the one that wins first where several are found. One file, a line here, a test. */
import type { BootLoader } from './boot-entry.ts';
import { bootGuard } from './boot-guard.ts';
import { extlinux } from './extlinux.ts';
import { firmware } from './firmware.ts';
import { grub } from './grub/grub.ts';
import { systemdBoot } from './systemd-boot.ts';
import { uBoot } from './u-boot/u-boot.ts';

export const bootLoaders: readonly BootLoader[] = [bootGuard, systemdBoot, firmware, grub, extlinux, uBoot];
