/** Every boot loader whose files are read, the one that wins first where several are found. One file, a line here, a test. */
import type { BootLoader } from './boot-entry.ts';
import { extlinux } from './extlinux.ts';
import { grub } from './grub/grub.ts';
import { systemdBoot } from './systemd-boot.ts';

export const bootLoaders: readonly BootLoader[] = [systemdBoot, grub, extlinux];
