/** `root=` names the partition that holds this root, in a way that holds on the machine. */
import type { BootDevice, BootFact, DeviceReference } from '../../../facts/boot/boot-fact.ts';
import type { Verdict } from '../../check.ts';
import { at, fail, pass, skip, undecidable } from '../../verdict.ts';
import { judgeKernelName } from './kernel-name.ts';
import type { BootLink } from './link.ts';

export const rootDevice: BootLink = {
  id: 'root',
  needs: ['boot'],
  judge: (facts) => {
    const boot = facts.get('boot', '', ['entry']);
    if (!boot.entry) return skip('there is no boot entry');
    const { root } = boot.entry;
    if (!root) return skip('the command line names no root device: the initrd finds it');
    if (boot.table === 'none') return skip('the image has no partition table');
    return judgeRoot(boot, root);
  },
};

function judgeRoot(boot: BootFact, root: DeviceReference): Verdict {
  const { text, location, by } = root;
  const evidence = [at(location, 'set by', `root=${text}`)];
  const device = boot.devices.find(({ name }) => name === root.device);
  if (!device) {
    if (by === 'none' || by === 'mapped' || by === 'unknown tag')
      return undecidable(`root=${text} is made by the initrd or comes from the network`);
    return fail(`root=${text} names no partition of the image`, {
      expected: 'a partition of the image',
      found: describeMisfit(boot, root),
      evidence,
    });
  }
  const needsInitrd = (by === 'uuid' || by === 'label') && boot.entry?.initrds.length === 0;
  if (needsInitrd)
    return fail(`root=${text} cannot be resolved by the kernel alone, and the entry names no initrd`, {
      expected: 'PARTUUID= or PARTLABEL=, or an initrd',
      found: text,
      evidence,
    });
  if (root.spelled !== undefined && boot.entry?.initrds.length !== 0)
    return fail(
      `root=${text} is found by the kernel alone, but not by most initrds: ${device.title} is ${root.spelled}`,
      {
        expected: root.spelled,
        found: text,
        evidence,
        severity: 'should',
        remedy: `write ${root.spelled}: to udev and blkid capitals count`,
      },
    );
  if (device.name !== boot.root) return otherDevice(boot, device, text, evidence);
  return judgeKernelName(`root=${text}`, root, device, evidence) ?? pass(`${text} is ${device.title}`, evidence);
}

function otherDevice(boot: BootFact, device: BootDevice, text: string, evidence: ReturnType<typeof at>[]): Verdict {
  const judged = boot.devices.find(({ name }) => name === boot.root);
  const holds = device.content === 'filesystem' ? 'not the root that is judged' : `which is ${device.content}`;
  return fail(`root=${text} is ${device.title}, ${holds}`, {
    expected: judged?.title ?? 'the root that is judged',
    found: device.title,
    evidence,
  });
}

/** Why it may not match: an identifier of the other kind of partition table. */
function describeMisfit({ table }: BootFact, { text, by }: DeviceReference): string {
  if (by !== 'partuuid') return 'none';
  const isMbrForm = /[0-9a-f]{8}-[0-9a-f]{2}$/i.test(text) && text.length <= 'PARTUUID='.length + 11;
  if (isMbrForm && table === 'gpt') return 'an identifier of an MBR disk, but the table is GPT';
  return !isMbrForm && table === 'mbr' ? 'an identifier of a GPT disk, but the table is an MBR' : 'none';
}
