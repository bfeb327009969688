/** The boot entry, the kernel command line, the partitions and where they are mounted. An image that is no disk says nothing about them. */
import type { BootDevice, BootEntryFact, FstabMount } from '../../../facts/boot/boot-fact.ts';
import { type Concern, type FieldSource, makeRecord } from '../concern.ts';
import type { PortraitRecord } from '../portrait.ts';

export const bootConcern: Concern = {
  id: 'boot',
  title: 'boot',
  needs: ['boot'],
  describe: (facts) => {
    const { table, devices, menus, entry, firmwarePrograms, fstab } = facts.get('boot');
    if (table === 'none') return { absent: 'the image is not a disk' };
    const programs = firmwarePrograms.map(({ name, program, architecture }) =>
      makeRecord(`firmware program ${name}`, { program, architecture }),
    );
    return [
      makeRecord('partition table', { value: table }),
      makeRecord('loaders', { value: menus.map(({ loader }) => loader) }),
      ...devices.map(describePartition),
      ...programs,
      ...fstab.flatMap(describeMount),
      ...(entry ? describeEntry(entry) : []),
    ].filter(({ fields }) => Object.keys(fields).length > 0);
  },
};

/** A partition is named by its place, not by an identifier that changes with each build. */
function describeMount({ path, type, options, device, location }: FstabMount): readonly PortraitRecord[] {
  if (device.device === undefined) return [];
  return [makeRecord(`mount ${path}`, { device: `${device.device} by ${device.by}`, type, options }, location)];
}

function describePartition({ name, size, content, format, volumeLabel, uuid, partition }: BootDevice): PortraitRecord {
  return makeRecord(`partition ${name}`, {
    size,
    content: format ?? content,
    label: volumeLabel === '' ? undefined : volumeLabel,
    UUID: uuid,
    type: partition?.type,
    'partition name': partition?.name,
    'partition UUID': partition?.uuid,
  });
}

function describeEntry({ id, kernel, initrds, deviceTree, root, commandLine }: BootEntryFact): PortraitRecord[] {
  const [first] = initrds;
  const rootDevice = root && (root.device === undefined ? root.text : `${root.device} by ${root.by}`);
  const rows: Readonly<Record<string, FieldSource>> = {
    'boot entry': id,
    kernel: kernel && { value: kernel.text, location: kernel.named },
    initrd: first && { values: initrds.map(({ text }) => text), at: first.named },
    'device tree': deviceTree && { value: deviceTree.text, location: deviceTree.named },
    root: rootDevice !== undefined && root ? { value: rootDevice, location: root.location } : undefined,
  };
  const records = Object.entries(rows)
    .map(([key, value]) => makeRecord(key, { value }))
    .filter(({ fields }) => fields.value);
  return [...records, ...(commandLine ? describeParameters(commandLine) : [])];
}

/** Parameters by name; `root` is told above, by the device it means. */
function describeParameters({ text, location }: NonNullable<BootEntryFact['commandLine']>): PortraitRecord[] {
  const parameters = new Map<string, string[]>();
  for (const word of text.split(/\s+/).filter((each) => each !== '')) {
    const equals = word.indexOf('=');
    const name = equals < 0 ? word : word.slice(0, equals);
    if (name === 'root') continue;
    parameters.set(name, [...(parameters.get(name) ?? []), equals < 0 ? '' : word.slice(equals + 1)]);
  }
  return [...parameters].map(([name, values]) => makeRecord(`parameter ${name}`, { value: { values, at: location } }));
}
