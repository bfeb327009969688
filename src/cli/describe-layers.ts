/** How an image was opened, for the head of a report: the layers down to the partition table, then what is mounted where. */
import type { Device, Layer } from '../root/layer.ts';
import type { OpenedImage } from '../root/open-image.ts';

export function describeLayers(image: OpenedImage): readonly string[] {
  const mounted = image.view.mounts.flatMap(({ path, fileSystem }) => {
    const device = image.devices.find(({ label }) => label === fileSystem.label);
    return [`${describeMount(device, fileSystem)}${path === '/' ? '' : ` at ${path}`}`];
  });
  return [[...outerLayers(image.layer), mounted.join(', ')].join(' > ')];
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
