/** What an image is, for people: its layers as a tree with what is mounted where, then the root, the boot entry, the system. */
import { formatLocation } from '../../location.ts';
import type { Layer } from '../../root/layer.ts';
import { escapeText } from '../escape.ts';
import { formatSize } from '../format-size.ts';
import type { Inspection } from './inspection.ts';

/** Whole lines. */
export function formatInspection(inspection: Inspection): string {
  const { label, layer, root, slots, boot, platform, sideFiles, diagnostics } = inspection;
  const { name, architecture, hostname } = platform;
  const system = [name || 'unknown system', platform.platform, architecture ?? 'architecture unknown', hostname?.value];
  const rows: [title: string, text: string | undefined][] = [
    ['root', `${root.device}: ${root.because}`],
    ['slots', slots.length === 0 ? undefined : slots.map(({ title, state }) => `${title} (${state})`).join(', ')],
    ['boot', describeBoot(boot)],
    ['options', boot.entry?.options?.text],
    ['system', system.filter((part) => part !== undefined).join(', ')],
    ...platform.evidence.map(({ text, location }): [string, string] => ['', `${text}  ${formatLocation(location)}`]),
    ['beside', sideFiles.length === 0 ? undefined : sideFiles.map((file) => file.name).join(', ')],
    ...diagnostics.map(({ level, message, location }): [string, string] => [
      level,
      location ? `${message}  ${formatLocation(location)}` : message,
    ]),
  ];
  const lines = [
    label,
    ...describeLayer(layer, inspection, 1),
    ...rows.flatMap(([title, text]) => (text === undefined ? [] : [`  ${title.padEnd(8)} ${text}`])),
  ];
  return lines.map((line) => `${escapeText(line)}\n`).join('');
}

function describeBoot({ entry, loaders }: Inspection['boot']): string {
  if (!entry) return loaders.length === 0 ? 'no boot entry found' : `${loaders[0]?.loader}: no entry`;
  const place = entry.linux ?? entry.options;
  const title = entry.title ? ` "${entry.title.text}"` : '';
  return `${entry.loader} ${entry.id}${title}${place ? `  ${formatLocation(place.location)}` : ''}`;
}

/** A partition and the one thing in it share a line. */
function describeLayer(layer: Layer, inspection: Inspection, depth: number): string[] {
  const [only] = layer.children;
  const isPartition = layer.kind === 'partition';
  const inner = isPartition && only ? only : layer;
  const mounts = inspection.mounts.filter(({ source }) => source === inner.label && inner.kind === 'filesystem');
  const words = [
    isPartition ? layer.format : undefined,
    isPartition && layer.partition?.name ? `"${layer.partition.name}"` : undefined,
    inner.format,
    inner.volumeLabel ? `"${inner.volumeLabel}"` : undefined,
    inner.uuid || undefined,
    inner.size === 0 ? undefined : formatSize(layer.size),
    ...mounts.map(({ path }) => `at ${path}`),
    inner.problem === undefined ? undefined : `(${inner.problem})`,
  ];
  const line = '  '.repeat(depth) + words.filter((word) => word !== undefined).join(' ');
  return [line, ...inner.children.flatMap((child) => describeLayer(child, inspection, depth + 1))];
}
