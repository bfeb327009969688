/** The devices that fstab names are in the image and hold what the line says. What is `nofail` or `noauto` does not stop the boot. */
import type { BootDevice, BootFact, FstabMount } from '../../../facts/boot/boot-fact.ts';
import type { Severity, Verdict } from '../../check.ts';
import { at, fail, inconclusive, joinVerdicts, pass, skip, undecidable } from '../../verdict.ts';
import { judgeKernelName } from './kernel-name.ts';
import { type BootLink, startsByItself } from './link.ts';

/** Types that one driver mounts. */
const families: readonly (readonly string[])[] = [
  ['ext2', 'ext3', 'ext4'],
  ['vfat', 'msdos', 'fat'],
];

export const mounts: BootLink = {
  id: 'mounts',
  needs: ['boot'],
  judge: (facts) => {
    const boot = facts.get('boot', '', ['fstab']);
    if (!startsByItself(boot) || boot.table === 'none') return skip('the image has no partitions to mount');
    const used = boot.fstab.filter(({ device, options }) => device.by !== 'none' && !options.includes('noauto'));
    if (used.length === 0) return skip('fstab names no block device');
    const verdicts = used.map((mount) => judgeMount(mount, boot));
    const findings = verdicts.filter(({ status }) => status !== 'pass');
    return findings.length > 0 ? joinVerdicts(findings, 'must') : pass(`${used.length} of ${used.length} found`);
  },
};

function judgeMount(mount: FstabMount, boot: BootFact): Verdict {
  const { device: reference, path, type, location, options } = mount;
  const isSwap = type === 'swap';
  const use = isSwap ? `swaps on ${reference.text}` : `mounts ${reference.text} at ${path}`;
  const evidence = [at(location, 'set by', `${reference.text} ${path}`)];
  const severity = gravityOf(type, options);
  const device = boot.devices.find(({ name }) => name === reference.device);
  if (!device) {
    if (reference.by === 'mapped') return pass();
    const isNamedInside = reference.by === 'uuid' || reference.by === 'label';
    const closed = boot.devices.find(({ content, uuid }) => content === 'unreadable' && uuid === undefined);
    if (closed && isNamedInside) {
      const doubt = `whether ${reference.text} of fstab is ${closed.title} cannot be told`;
      return severity === undefined ? inconclusive(doubt, evidence) : undecidable(doubt);
    }
    return fail(`fstab ${use}, but no partition of the image is called so`, {
      expected: 'a partition of the image',
      found: 'none',
      evidence,
      severity,
    });
  }
  if (reference.spelled !== undefined)
    return fail(`fstab ${use}, but capitals count: ${device.title} is ${reference.spelled}`, {
      expected: reference.spelled,
      found: reference.text,
      evidence,
      severity,
      remedy: `write ${reference.spelled}`,
    });
  if (path === '/' && device.name !== boot.root)
    return fail(`fstab has ${device.title} as /, the root is ${boot.root}`, { evidence, severity: 'should' });
  if (!holdsType(device, type))
    return fail(`fstab mounts ${device.title} at ${path} as ${type}, but it holds ${device.format ?? device.content}`, {
      expected: type,
      found: device.format ?? device.content,
      evidence,
      severity,
    });
  return (
    judgeKernelName(
      isSwap ? `${reference.text} for swap` : `${reference.text} at ${path}`,
      reference,
      device,
      evidence,
    ) ?? pass()
  );
}

/** What fails without stopping the boot: swap, and mounts it does not wait for. */
function gravityOf(type: string, options: readonly string[]): Severity | undefined {
  return type === 'swap' || options.includes('nofail') ? 'should' : undefined;
}

function holdsType({ content, format = '' }: BootDevice, type: string): boolean {
  if (content === 'unreadable' || type === 'auto') return true;
  if (type === 'swap') return content === 'swap';
  if (content !== 'filesystem') return false;
  return type
    .split(',')
    .some((one) => one === format || families.some((all) => all.includes(one) && all.includes(format)));
}
