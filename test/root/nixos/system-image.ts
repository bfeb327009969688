/** The sample systems of test/fixtures/nixos as trees in memory, to change one thing in, and what is judged of them. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import k3s from '../../../src/checks/contracts/k3s.yaml';
import { evaluate } from '../../../src/checks/evaluate.ts';
import { FactStore } from '../../../src/facts/fact-store.ts';
import { MemoryFileSystem, type MemoryNode, type MemoryTree } from '../../../src/filesystems/memory.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { type AssembledRoot, assembleRoot } from '../../../src/root/assemble-root.ts';
import type { RootRequest } from '../../../src/root/choose-root.ts';
import type { Device } from '../../../src/root/layer.ts';
import { readKernelParameters } from '../../../src/root/nixos/booted-entry.ts';
import { type OpenedImage, openImage } from '../../../src/root/open-image.ts';
import { RootView } from '../../../src/root/root-view.ts';
import { walkTree } from '../../../src/root/walk-tree.ts';

export const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../fixtures/nixos/${name}`, import.meta.url));
export const toplevel = readFileSync(fixture('toplevel'), 'utf8').trim();

type Tree = Record<string, string | Uint8Array | MemoryNode>;

/** The tree of a tarball fixture as it lies there: store, registration, sbin/init. */
export async function loadTree(name: 'tarball.tar.xz' | 'agent.tar.xz' | 'overlay.tar.xz'): Promise<Tree> {
  const image = await openImage(fixture(name), { limits: defaultLimits });
  const tree: Tree = {};
  const { content } = image.devices[0] as Device;
  if (content.state !== 'filesystem') throw new Error(`${name} is no file system`);
  const view = new RootView([{ path: '/', fileSystem: content.fileSystem }], defaultLimits);
  for (const { path, type } of walkTree(view, '/')) {
    const stat = view.lstat(path);
    if (type === 'directory') tree[path] = { directory: true };
    else if (type === 'symlink') tree[path] = { link: view.readLink(path) ?? '' };
    else tree[path] = { bytes: view.readBytes(path) ?? new Uint8Array(0), mode: stat?.mode ?? 0o444 };
  }
  image.close();
  return tree;
}

/** The path of the one entry of the tree that ends so. */
export function pathOf(tree: MemoryTree, end: string): string {
  const found = Object.keys(tree).filter((path) => path.endsWith(end));
  if (found.length !== 1 || found[0] === undefined) throw new Error(`${found.length} paths end in ${end}`);
  return found[0];
}

/** Replaces in the text of one file. */
export function edit(tree: Tree, end: string, from: string | RegExp, to: string): void {
  const path = pathOf(tree, end);
  const node = tree[path] as MemoryNode;
  const text = Buffer.from(node.bytes ?? []).toString();
  if (text.replace(from, to) === text) throw new Error(`nothing to replace in ${path}`);
  tree[path] = { ...node, bytes: Buffer.from(text.replace(from, to)) };
}

/** Removes a store path with all in it. */
export function remove(tree: Tree, path: string): void {
  for (const each of Object.keys(tree)) if (each === path || each.startsWith(`${path}/`)) delete tree[each];
}

export function deviceOf(tree: MemoryTree, label = 'root.img', format = 'ext4'): Device {
  const fileSystem = new MemoryFileSystem(tree, label);
  Object.defineProperty(fileSystem, 'format', { value: format });
  return { name: label, label, size: 1, content: { state: 'filesystem', fileSystem } };
}

export function assemble(devices: readonly Device[], request: RootRequest = {}): AssembledRoot {
  return assembleRoot(devices, request, defaultLimits);
}

export function factsOf(tree: MemoryTree, request: RootRequest = {}, others: readonly Device[] = []): FactStore {
  const { view, nixos, bootEntry } = assemble([...others, deviceOf(tree)], request);
  const commandLine = bootEntry?.options ?? (nixos && readKernelParameters(view, nixos.toplevel));
  const image = { label: 'root.img', sideFiles: [], ...(nixos ? { nixos } : {}) };
  return new FactStore(view, commandLine ? { ...image, commandLine } : image);
}

/** `FAIL`-ing and other statuses by check, severity with a failure. */
export async function judge(
  facts: FactStore,
  set: Readonly<Record<string, string>> = {},
): Promise<Map<string, string>> {
  const { results } = await evaluate(k3s, facts, { set: new Map(Object.entries(set)) });
  return new Map(
    results.map(({ id, verdict, severity }) => [
      id,
      verdict.status === 'fail' ? `fail ${verdict.severity ?? severity}` : verdict.status,
    ]),
  );
}

export const openFacts = ({ view, facts }: OpenedImage): FactStore => new FactStore(view, facts);

/** Checks whose status differs, with the new one. */
export function differences(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>) {
  return Object.fromEntries([...after].filter(([id, status]) => before.get(id) !== status));
}
