/**
 * FIT images of U-Boot (doc/uImage.FIT of U-Boot, "Flat Image Tree Format"): a device tree that holds, or leads to, kernels, initrds
 * and device trees, each with its hashes. Signatures are noticed, not verified; encrypted images are refused by name.
 */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { decodeBytes } from '../../bytes/names.ts';
import { Struct, u32be } from '../../bytes/struct.ts';
import { ImageError } from '../../errors.ts';
import { nestedLabel } from '../../location.ts';
import { RefusedSource } from '../refused-source.ts';
import { type DeviceNode, readDeviceTree } from './device-tree.ts';

const MAX_TEXT = 4096;
const MAX_DIGEST = 64;

export interface FitHash {
  /** `crc32`, `sha256`, ... */
  readonly algorithm: string;
  readonly value: Uint8Array;
}

export interface FitPart {
  readonly name: string;
  /** `kernel`, `ramdisk`, `flat_dt`, ...; empty if it is not said. */
  readonly type: string;
  readonly architecture: string;
  readonly compression: string;
  /** As it is stored. Of one that cannot be read, every read says why. */
  readonly content: ByteSource;
  readonly hashes: readonly FitHash[];
  readonly isSigned: boolean;
}

export interface FitImage {
  readonly parts: readonly FitPart[];
  /** The configuration that boots where nothing else is chosen; empty if none is named. */
  readonly defaultConfiguration: string;
  /** By name: what each configuration names, `kernel` to `kernel-1`. */
  readonly configurations: ReadonlyMap<string, ReadonlyMap<string, string>>;
  readonly hasSignature: boolean;
}

/** ImageError if the tree is damaged, or is a device tree that holds no images. */
export function openFit(source: ByteSource): FitImage {
  const { root, size } = readDeviceTree(source);
  const images = childOf(root, 'images');
  if (!images) {
    throw new ImageError('input', 'fit/no-images', `${source.label} is a device tree, not an image`, {
      location: { source: source.label },
    });
  }
  const outside = Math.ceil(size / 4) * 4;
  const parts = images.children.map((node): FitPart => {
    return {
      name: node.name,
      type: textOf(node, 'type'),
      architecture: textOf(node, 'arch'),
      compression: textOf(node, 'compression'),
      content: openContent(source, node, outside),
      hashes: hashesOf(node),
      isSigned: isSigned(node),
    };
  });
  const described = childOf(root, 'configurations');
  const configurations = described?.children ?? [];
  return {
    parts,
    defaultConfiguration: described ? textOf(described, 'default') : '',
    configurations: new Map(configurations.map((node) => [node.name, textsOf(node)])),
    hasSignature: parts.some((part) => part.isSigned) || configurations.some(isSigned),
  };
}

/** In the tree, behind it by an offset, or anywhere by a position. */
function openContent(source: ByteSource, node: DeviceNode, outside: number): ByteSource {
  const label = nestedLabel(source.label, node.name);
  const location = { source: source.label, path: `/images/${node.name}` };
  const refuse = (kind: 'unsupported' | 'truncated' | 'corrupt', what: string, message: string): ByteSource =>
    new RefusedSource(0, label, new ImageError(kind, `fit/${what}`, message, { location }));
  if (childOf(node, 'cipher')) return refuse('unsupported', 'encrypted', `the image ${node.name} is encrypted`);
  const inside = node.properties.get('data');
  if (inside) return inside.slice(0, inside.size, label);
  const size = numberOf(node, 'data-size');
  const position = numberOf(node, 'data-position');
  const offset = numberOf(node, 'data-offset');
  const start = position ?? (offset === undefined ? undefined : outside + offset);
  if (size === undefined || start === undefined) {
    return refuse('corrupt', 'no-data', `the image ${node.name} has no data`);
  }
  if (start + size <= source.size) return source.slice(start, size, label);
  return refuse('truncated', 'truncated', `the image ${node.name} ends at byte ${start + size}, past the end`);
}

function hashesOf(node: DeviceNode): FitHash[] {
  return node.children.flatMap((child) => {
    if (!child.name.startsWith('hash')) return [];
    const value = child.properties.get('value');
    if (!value || value.size > MAX_DIGEST) return [];
    return [{ algorithm: textOf(child, 'algo'), value: Uint8Array.from(value.read(0, value.size)) }];
  });
}

function isSigned(node: DeviceNode): boolean {
  return node.children.some(({ name }) => name.startsWith('signature'));
}

function childOf(node: DeviceNode, name: string): DeviceNode | undefined {
  return node.children.find((child) => child.name === name);
}

/** The first string of a property, empty if there is none. */
function textOf(node: DeviceNode, name: string): string {
  const value = node.properties.get(name);
  if (!value || value.size > MAX_TEXT) return '';
  const bytes = value.read(0, value.size);
  const end = bytes.indexOf(0);
  return decodeBytes(end < 0 ? bytes : bytes.subarray(0, end));
}

function textsOf(node: DeviceNode): Map<string, string> {
  return new Map([...node.properties.keys()].map((name) => [name, textOf(node, name)]));
}

function numberOf(node: DeviceNode, name: string): number | undefined {
  const value = node.properties.get(name);
  return value?.size === 4 ? new Struct(value.read(0, 4)).get(u32be(0)) : undefined;
}
