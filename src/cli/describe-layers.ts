/** How an image was opened, for the head of a report: the layers down to the partition table, then what is mounted where. */
import { posix } from 'node:path';
import type { Subject, SubjectPartition } from '../checks/result.ts';
import type { Device, Layer } from '../root/layer.ts';
import type { OpenedImage } from '../root/open-image.ts';

export function describeLayers(image: OpenedImage): readonly string[] {
  const { mounts } = image.view;
  const whole = mounts.filter(({ isPart }) => !isPart);
  const split = mounts.filter(
    ({ isPart, fileSystem }) => isPart && !whole.some((one) => one.fileSystem.label === fileSystem.label),
  );
  const shown = [...whole, ...split.slice(0, 1).map((part) => ({ ...part, path: posix.dirname(part.path) }))];
  const mounted = shown.map(({ path, fileSystem }) => {
    const device = image.devices.find((one) => one.label === fileSystem.label && holds(one, fileSystem.format));
    return `${describeMount(device, fileSystem)}${path === '/' ? '' : ` at ${path}`}`;
  });
  return [[...outerLayers(image.layer), mounted.join(', ')].join(' > ')];
}

/** Whether a mount is of the device at all: not what the machine makes, nor the place of a device that is not there. */
function holds({ content }: Device, format: string): boolean {
  return format === 'unreadable' ? content.state !== 'filesystem' : format !== 'tmpfs';
}

/** Codecs and partition tables from the outside in, while there is only one way. */
function outerLayers(outermost: Layer): string[] {
  const names: string[] = [];
  for (let layer: Layer | undefined = outermost; layer; layer = layer.children[0]) {
    if (layer.kind !== 'codec' && layer.kind !== 'volume-table') break;
    names.push(layer.format);
  }
  return names;
}

function describeMount(
  device: Device | undefined,
  { format, volumeLabel }: { format: string; volumeLabel: string },
): string {
  const name = device?.partition ? `${device.name} ` : '';
  return `${name}${format}${volumeLabel === '' ? '' : ` "${volumeLabel}"`}`;
}

/** The partitions in their order on the disk; empty where there is no partition table. */
export function describePartitions({ devices, view }: OpenedImage): readonly SubjectPartition[] {
  return devices
    .flatMap(({ name, label, size, partition, content }) => {
      if (!partition) return [];
      const mount = view.mounts.find(({ fileSystem }) => fileSystem.label === label)?.path;
      const one = { name, content: describeContent(content), size, ...(mount === undefined ? {} : { mount }) };
      return [{ one, start: partition.start }];
    })
    .sort((a, b) => a.start - b.start)
    .map(({ one }) => one);
}

function describeContent(content: Device['content']): string {
  if (content.state !== 'filesystem') return content.state;
  const { format, volumeLabel } = content.fileSystem;
  return `${format}${volumeLabel === '' ? '' : ` "${volumeLabel}"`}`;
}

/** From the boot entry to the root; empty where no entry boots it. */
export function describeBoot({ bootEntry, root }: OpenedImage): NonNullable<Subject['boot']> {
  if (!bootEntry) return [];
  const { loader, id, title, linux, initrd, options } = bootEntry;
  const parameters = (options?.text ?? '').split(/\s+/).filter((word) => /^(?:root|init|systemd\.unit)=/.test(word));
  return [
    { title: 'loader', text: loader },
    { title: 'entry', text: title ? title.text : id },
    ...(linux ? [{ title: 'kernel', text: linux.text }] : []),
    ...initrd.map(({ text }) => ({ title: 'initrd', text })),
    ...parameters.map((text) => ({ title: 'option', text })),
    { title: 'root', text: root.device.name },
  ];
}
