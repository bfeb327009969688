/**
 * Unified kernel images as boot entries (UAPI.5): a PE file whose sections are kernel, initrd, command line and os-release.
 * A `.profile` section begins a variant that replaces some of them (multi-profile images). EFI Boot Guard makes its own kind
 * (docs/UNIFIED-KERNEL.md there): the kernel is called `.kernel`, the command line is UTF-16. Signatures and addons are not read.
 */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { decodeBytes } from '../../bytes/names.ts';
import { limitExceeded } from '../../limits.ts';
import { findPeHeader, openPe, type PeSection } from '../../volumes/pe/pe-file.ts';
import type { RootView } from '../root-view.ts';
import type { BootEntry, BootLine, BootMenu, BootPlace } from './boot-entry.ts';

/** Which section is the kernel tells who made the image. */
const kernelSections = ['.linux', '.kernel'] as const;

export interface UnifiedKernel {
  /** Of the variant: `.osrel` and `.profile` by their keys. */
  readonly osRelease: ReadonlyMap<string, string>;
  readonly profile: ReadonlyMap<string, string>;
  readonly parts: Pick<BootEntry, 'linux' | 'initrd' | 'deviceTree' | 'options'>;
}

/** The variants of the image at `path`, the first one boots; empty if it is none. Damage is thrown. */
export function readUnifiedKernels(view: RootView, path: string): readonly UnifiedKernel[] {
  const found = view.find(path);
  if (found?.fileSystem.stat(found.node).type !== 'file') return [];
  const source = view.open(path);
  if (findPeHeader(source) === undefined) return [];
  const { sections } = openPe(source);
  const kernel = kernelSections.find((name) => sections.some((section) => section.name === name));
  if (kernel === undefined) return [];
  return splitProfiles(sections).map((variant) => readVariant(view, path, kernel, variant));
}

/** The base, or each profile laid over it; sections that repeat keep the name of the first. */
function splitProfiles(sections: readonly PeSection[]): ReadonlyMap<string, PeSection>[] {
  const groups: Map<string, PeSection>[] = [new Map()];
  for (const section of sections) {
    const name = section.name.replace(/#\d+$/, '');
    if (name === '.profile') groups.push(new Map());
    const group = groups.at(-1);
    if (group && !group.has(name)) group.set(name, section);
  }
  const [base = new Map<string, PeSection>(), ...profiles] = groups;
  return profiles.length === 0 ? [base] : profiles.map((profile) => new Map([...base, ...profile]));
}

function readVariant(
  view: RootView,
  path: string,
  kernel: string,
  sections: ReadonlyMap<string, PeSection>,
): UnifiedKernel {
  const textOf = (name: string, encoding?: 'utf-16le'): string => {
    const content = sections.get(name)?.content;
    return content ? readSection(content, view, encoding) : '';
  };
  const lineOf = (name: string): BootLine[] => {
    const section = sections.get(name);
    return section ? [{ text: path, location: { source: section.content.label }, section: section.name }] : [];
  };
  const commandLine = sections.get('.cmdline');
  const text = textOf('.cmdline', kernel === '.kernel' ? 'utf-16le' : undefined);
  const [deviceTree] = lineOf('.dtb');
  return {
    osRelease: parseAssignments(textOf('.osrel')),
    profile: parseAssignments(textOf('.profile')),
    parts: {
      linux: { text: path, location: view.locate(path) },
      initrd: lineOf('.initrd'),
      ...(deviceTree ? { deviceTree } : {}),
      ...(commandLine && text !== ''
        ? { options: { text, location: { source: commandLine.content.label, line: 1 } } }
        : {}),
    },
  };
}

/** The text up to its NUL, without blanks at its ends. */
function readSection(content: ByteSource, { limits }: RootView, encoding: 'utf-16le' | undefined): string {
  if (content.size > limits.textBytes)
    throw limitExceeded('textBytes', limits, content.label, { source: content.label });
  const bytes = content.read(0, content.size);
  const text = encoding ? new TextDecoder(encoding).decode(bytes) : decodeBytes(bytes);
  const end = text.indexOf('\0');
  return (end < 0 ? text : text.slice(0, end)).trim();
}

/** `KEY=value` lines, quotes removed, as the boot loader reads them. */
function parseAssignments(text: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const raw of text.split('\n')) {
    const line = raw.trim();
    const equals = line.indexOf('=');
    if (line.startsWith('#') || equals <= 0) continue;
    const value = line.slice(equals + 1);
    const quoted = /^(["'])(.*)\1$/.exec(value);
    values.set(line.slice(0, equals), quoted?.[2] ?? value);
  }
  return values;
}

/** Entries that start a unified image by its path get what its sections add: the initrd, and the command line unless they have one. */
export function completeUnified(menu: BootMenu, places: readonly BootPlace[]): BootMenu {
  const complete = (entry: BootEntry): BootEntry => {
    const view = places.find(({ device }) => device.label === entry.source)?.view;
    if (!view || !entry.linux || entry.linux.section !== undefined || entry.initrd.length > 0) return entry;
    const [unified] = readUnifiedKernels(view, pathOf(entry.linux));
    if (!unified) return entry;
    const { initrd, deviceTree, options } = unified.parts;
    return { ...(options ? { options } : {}), ...(deviceTree ? { deviceTree } : {}), ...entry, initrd };
  };
  const entries = new Map(menu.entries.map((entry) => [entry, complete(entry)]));
  const chosen = menu.default && (entries.get(menu.default) ?? complete(menu.default));
  return { ...menu, entries: [...entries.values()], ...(chosen ? { default: chosen } : {}) };
}

function pathOf({ text }: BootLine): string {
  return `/${text.replaceAll('\\', '/').replace(/^\/+/, '')}`;
}
