/**
 * The file systems that the first boot writes to have room: a journal begins with two files of 8 MiB (journald.conf(5)), beside
 * keys and a machine-id; an update adds a kernel and an initrd to the EFI system partition before it removes the old ones.
 */
import type { BootFact } from '../../../facts/boot/boot-fact.ts';
import type { MountedUsage } from '../../../facts/usage/usage-fact.ts';
import type { Verdict } from '../../check.ts';
import { at, fail, joinVerdicts, pass, skip } from '../../verdict.ts';
import type { BootLink } from './link.ts';

const MiB = 1024 * 1024;
const FIRST_BOOT_BYTES = 16 * MiB;
/** Of the first boot: journal, keys, state of services. */
const FIRST_BOOT_FILES = 200;

export const room: BootLink = {
  id: 'room',
  needs: ['boot', 'usage'],
  judge: (facts) => {
    const boot = facts.get('boot', '', ['entry', 'fstab']);
    if (boot.table === 'none') return skip('the image is a file system: the disk it goes on decides about its room');
    const { mounts } = facts.get('usage');
    const judged = mounts.filter(({ path }) => !isReadOnlyOrGrown(path, boot));
    if (judged.length === 0) return skip('no file system of the image that is written to says how much room it has');
    const verdicts = judged.map((mount) => (mount.format === 'vfat' ? judgeLoader(mount, boot) : judgeMount(mount)));
    return joinVerdicts(verdicts, 'should');
  },
};

/** fstab says that it is not written to, or that it grows to its partition at boot. */
function isReadOnlyOrGrown(path: string, { fstab }: BootFact): boolean {
  const options = fstab.find((mount) => mount.path === path)?.options ?? [];
  return options.includes('ro') || options.includes('x-systemd.growfs');
}

function judgeMount({ path, location, available, freeNodes }: MountedUsage): Verdict {
  const evidence = [at(location)];
  if (available < FIRST_BOOT_BYTES)
    return fail(
      `${path} has ${formatMiB(available)} left, and the first boot writes a journal of ${formatMiB(FIRST_BOOT_BYTES)}`,
      {
        expected: `${formatMiB(FIRST_BOOT_BYTES)} or more`,
        found: formatMiB(available),
        evidence,
        remedy:
          'leave more room when the image is made (Isar: ROOTFS_EXTRA, wic: --extra-space), or let it grow at boot',
      },
    );
  if (freeNodes !== undefined && freeNodes < FIRST_BOOT_FILES)
    return fail(`${path} has room for ${freeNodes} more files only`, {
      expected: `${FIRST_BOOT_FILES} inodes or more`,
      found: String(freeNodes),
      evidence,
      remedy: 'make the file system with more inodes (mke2fs -N)',
    });
  return pass(`${path} ${formatMiB(available)}`, evidence);
}

/** A second kernel is needed only where kernels are updated one by one, which the image does not tell. */
function judgeLoader({ path, location, available }: MountedUsage, { entry }: BootFact): Verdict {
  const evidence = [at(location)];
  const files = [entry?.kernel, ...(entry?.initrds ?? [])];
  const needed = files
    .filter((file) => file?.location.source === location.source)
    .reduce((sum, file) => sum + (file?.size ?? 0), 0);
  const wanted = needed > 0 ? needed : MiB;
  if (available >= wanted) return pass(`${path} ${formatMiB(available)}`, evidence);
  return fail(`${path} has ${formatMiB(available)} left, less than a second kernel with its initrd takes`, {
    expected: formatMiB(wanted),
    found: formatMiB(available),
    evidence,
    severity: available < MiB ? 'should' : 'info',
    remedy: 'make the partition larger, unless updates replace the whole of it',
  });
}

function formatMiB(bytes: number): string {
  return bytes > 0 && bytes < MiB ? `${Math.floor(bytes / 1024)} KiB` : `${Math.floor(bytes / MiB)} MiB`;
}
