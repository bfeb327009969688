/** Names the kernel gives to disks in the order it finds them: they hold on one bus only. */
import type { BootDevice, DeviceReference } from '../../../facts/boot/boot-fact.ts';
import type { Evidence, Verdict } from '../../check.ts';
import { fail } from '../../verdict.ts';

const scsiName = /^\/dev\/[sh]d[a-z]/;

/** A finding if the device is named as a SCSI or SATA disk is, which a virtio, NVMe or MMC disk is not. */
export function judgeKernelName(
  subject: string,
  { text, by }: DeviceReference,
  device: BootDevice,
  evidence: readonly Evidence[],
): Verdict | undefined {
  if (by !== 'kernel name' || !scsiName.test(text)) return undefined;
  const { partition, uuid = '' } = device;
  return fail(`${subject} is right on a SCSI or SATA disk only: on virtio it is /dev/vda${partition?.number ?? ''}`, {
    expected: partition ? `PARTUUID=${partition.uuid}` : `UUID=${uuid}`,
    found: text,
    evidence,
    severity: 'should',
    remedy: 'name the partition by PARTUUID= or UUID= (wic: --use-uuid)',
  });
}
