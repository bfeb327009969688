/** The devices of an image as plain records, and which of them a name in fstab or on the command line means. */
import type { Location } from '../../location.ts';
import { describeDevice } from '../../root/choose-root.ts';
import { findDevice, findOtherSpelling, namesIn, parseDeviceName } from '../../root/device-name.ts';
import type { Device } from '../../root/layer.ts';
import type { BootDevice, DeviceReference } from './boot-fact.ts';

export function toBootDevice(device: Device): BootDevice {
  const { name, label, size, partition, content } = device;
  const base = {
    name,
    title: describeDevice(device),
    location: { source: label },
    size,
    ...(partition ? { partition } : {}),
    content: content.state,
  };
  const names = namesIn(content);
  if (!names) return base;
  const { uuid, volumeLabel } = names;
  return {
    ...base,
    ...(content.state === 'filesystem' ? { format: content.fileSystem.format } : {}),
    uuid,
    volumeLabel,
  };
}

/** What `text` names among `devices`; `root` is what the kernel calls /dev/root. */
export function resolveReference(
  text: string,
  location: Location,
  devices: readonly Device[],
  root: Device,
): DeviceReference {
  if (text === '/dev/root') return { text, location, by: 'mapped', device: root.name };
  const name = parseDeviceName(text);
  if (!name) return { text, location, by: 'none' };
  const by = name.by === 'number' ? 'kernel name' : name.by === 'other' ? 'mapped' : name.by;
  const device = findDevice(name, devices);
  if (!device) return { text, location, by };
  const spelled = findOtherSpelling(text, name, device);
  return { text, location, by, device: device.name, ...(spelled === undefined ? {} : { spelled }) };
}
