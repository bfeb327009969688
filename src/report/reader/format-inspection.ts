/** What an image is, for people: its layers drawn as a tree with sizes and mounts, then its system, the root and the boot entry. */
import type { Diagnostic } from '../../diagnostic.ts';
import { formatLocation } from '../../location.ts';
import type { Layer } from '../../root/layer.ts';
import { escapeText } from '../escape.ts';
import { formatSize } from '../format-size.ts';
import { formatColumns } from '../systemd/format-columns.ts';
import type { Inspection } from './inspection.ts';

/** Whole lines. */
export function formatInspection(inspection: Inspection): string {
  const { label, layer, root, slots, boot, platform, overview, sideFiles, diagnostics, mounts } = inspection;
  const rows: Row[] = [
    ...overview.map(({ title, text }) => [title, text] as const),
    ['root', `${withoutLabel(root.device, label)}: ${root.because}`],
    ['slots', slots.length === 0 ? undefined : slots.map(({ title, state }) => `${title} (${state})`).join(', ')],
    ['boot', describeBoot(boot, label)],
    ['options', boot.entry?.options?.text],
    ['beside', sideFiles.length === 0 ? undefined : sideFiles.map((file) => file.name).join(', ')],
    ...platform.evidence.map(({ text, location }, i) => {
      return [i === 0 ? 'because' : '', `${text}  ${withoutLabel(formatLocation(location), label)}`] as const;
    }),
    ...diagnostics.map((each) => describeDiagnostic(each, label)),
  ];
  return formatTree(label, layer, mounts) + formatRows(rows);
}

/** What an image without a root is made of: its layers alone, and what was noticed. Whole lines. */
export function formatLayers(layer: Layer, diagnostics: readonly Diagnostic[]): string {
  const { label } = layer;
  const rows = formatRows(diagnostics.map((each) => describeDiagnostic(each, label)));
  return formatTree(label, layer, []) + (rows === '' ? '' : `${rows}\n`);
}

type Row = readonly [title: string, text: string | undefined];

function describeDiagnostic({ level, message, location }: Diagnostic, label: string): Row {
  const place = location ? `  ${withoutLabel(formatLocation(location), label)}` : '';
  return [level, `${message}${place}`];
}

function formatTree(label: string, layer: Layer, mounts: Inspection['mounts']): string {
  const size = layer.size === 0 ? '' : `   ${formatSize(layer.size)}`;
  return `${escapeText(label)}${size}\n${drawTree(layer, mounts)}\n`;
}

function formatRows(rows: readonly Row[]): string {
  const width = Math.max(...rows.map(([title]) => title.length));
  return rows
    .flatMap(([title, text]) =>
      text === undefined ? [] : [`${escapeText(`${title.padEnd(width)}  ${text}`).trimEnd()}\n`],
    )
    .join('');
}

/** The page says at its top which image it is about. */
function withoutLabel(text: string, label: string): string {
  if (!text.startsWith(label)) return text;
  const rest = text.slice(label.length);
  return rest.startsWith('!') || rest.startsWith(':/') ? rest.slice(1) : text;
}

function describeBoot({ entry, loaders }: Inspection['boot'], label: string): string {
  if (!entry) return loaders.length === 0 ? 'no boot entry found' : `${loaders[0]?.loader}: no entry`;
  const place = entry.linux ?? entry.options;
  const title = entry.title ? ` "${entry.title.text}"` : '';
  return `${entry.loader} ${entry.id}${title}${place ? `  ${withoutLabel(formatLocation(place.location), label)}` : ''}`;
}

interface Branch {
  readonly layer: Layer;
  /** What stands left of it: the branches that go on past it, and its own. */
  readonly stem: string;
  readonly below: string;
}

/** One line a layer; a partition and the one thing in it share theirs. The deepest nesting is bounded by the limits. */
function drawTree(outermost: Layer, mounts: Inspection['mounts']): string {
  const rows: string[][] = [];
  const todo: Branch[] = [{ layer: outermost, stem: '', below: '' }];
  for (let next = todo.pop(); next; next = todo.pop()) {
    const { layer, stem, below } = next;
    const inner = layer.kind === 'partition' ? (layer.children[0] ?? layer) : layer;
    rows.push(
      describeLayer(layer, inner, mounts).map((cell, i) => (i === 0 ? stem + escapeText(cell) : escapeText(cell))),
    );
    const children = inner.children.map((child, i) => {
      const isLast = i === inner.children.length - 1;
      return { layer: child, stem: `${below}${isLast ? '└─ ' : '├─ '}`, below: `${below}${isLast ? '   ' : '│  '}` };
    });
    todo.push(...children.reverse());
  }
  const sizeWidth = Math.max(...rows.map(([, size = '']) => size.length));
  const aligned = rows.map(([name = '', size = '', ...others]) => [name, ` ${size.padStart(sizeWidth)} `, ...others]);
  return formatColumns(aligned).replace(/ +$/gm, '');
}

/** Name, size, content, mount, identifier. */
function describeLayer(layer: Layer, inner: Layer, mounts: Inspection['mounts']): string[] {
  const isPartition = layer.kind === 'partition';
  const name = layer.partition?.name;
  const places = mounts.filter(({ source }) => inner.kind === 'filesystem' && source === inner.label);
  const content = [
    ...(isPartition && inner !== layer ? [inner.format] : []),
    ...(inner.volumeLabel ? [`"${inner.volumeLabel}"`] : []),
    ...(inner.problem === undefined ? [] : [`(${inner.problem})`]),
  ];
  return [
    `${layer.format}${isPartition && name ? ` "${name}"` : ''}`,
    layer.size === 0 ? '' : formatSize(layer.size),
    content.join(' '),
    places.map(({ path }) => path).join(' '),
    inner.uuid ?? '',
  ];
}
