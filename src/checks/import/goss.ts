/**
 * Files of goss: what can be told of a machine that is off becomes a claim: files, packages, services that start, kernel
 * parameters, interfaces. What only a running machine shows is refused, attribute by attribute.
 */
import type { OptionValue } from '../contract.ts';
import type { ParsedDocument } from '../language/parse-document.ts';
import { asList, asMapping, asText, Import, type Imported, type Mapping, pointerStep } from './imported.ts';

type Resource = (name: string, wants: Mapping, pointer: string, result: Import) => void;

const running = 'only a running machine can tell';

const resources: Readonly<Record<string, Resource>> = {
  file: importFile,
  package: importPackage,
  service: importService,
  'kernel-param': importParameter,
  interface: importInterface,
};

const unsaid: Readonly<Record<string, string>> = {
  port: `who listens ${running}; the claim port says what the packet filters let through`,
  process: running,
  command: running,
  http: running,
  addr: running,
  dns: running,
  user: 'accounts are looked at by lint, not by a claim',
  group: 'accounts are looked at by lint, not by a claim',
  mount: 'mounts are links of the contract boot, not a claim',
  matching: 'it is about values that are not the image\u2019s',
  gossfile: 'import the file it names by itself',
};

export function isGoss(root: Mapping): boolean {
  return Object.keys(root).some((key) => Object.hasOwn(resources, key) || Object.hasOwn(unsaid, key));
}

export function importGoss(document: ParsedDocument): Imported {
  const result = new Import(document);
  for (const [kind, named] of Object.entries(asMapping(document.value) ?? {})) {
    const read = Object.hasOwn(resources, kind) ? resources[kind] : undefined;
    const why = (Object.hasOwn(unsaid, kind) ? unsaid[kind] : undefined) ?? 'it is not known';
    for (const [name, value] of Object.entries(asMapping(named) ?? {})) {
      const pointer = pointerStep(kind) + pointerStep(name);
      const wants = asMapping(value) ?? {};
      if (!read) result.refuse(pointer, `${kind} ${name}: ${why}`);
      else if (wants.skip !== true) read(name, wants, pointer, result);
    }
  }
  return result;
}

/** Says of every attribute that is not among those read why it is left out. */
function refuseOthers(wants: Mapping, read: readonly string[], pointer: string, what: string, result: Import): void {
  const silent = new Set(['title', 'meta', 'skip', ...read]);
  for (const key of Object.keys(wants))
    if (!silent.has(key))
      result.refuse(pointer + pointerStep(key), `${what}: ${key} is not among what a claim can say`);
}

const titleOf = (wants: Mapping, otherwise: string): string => asText(wants.title) ?? otherwise;

function importFile(name: string, wants: Mapping, pointer: string, result: Import): void {
  const path = asText(wants.path) ?? name;
  const title = titleOf(wants, path);
  if (wants.exists === false) {
    result.add(pointer, title, 'file', { path, absent: true });
    return;
  }
  const { filetype, mode, size } = wants;
  const isRoot = asText(wants.owner) === 'root' && asText(wants.group) === 'root';
  const [owner, group] = [asText(wants.uid), asText(wants.gid)];
  const numbers = owner !== undefined && group !== undefined ? `${owner}:${group}` : isRoot ? '0:0' : undefined;
  for (const key of ['owner', 'group', 'uid', 'gid'])
    if (key in wants && numbers === undefined)
      result.refuse(pointer + pointerStep(key), `${title}: ${key}: owners are compared as numbers, both together`);
  result.add(pointer, title, 'file', {
    path,
    ...(typeof filetype === 'string' ? { type: filetype } : {}),
    ...(typeof mode === 'string' || typeof mode === 'number' ? { mode: String(mode) } : {}),
    ...(numbers === undefined ? {} : { owner: numbers }),
    ...(typeof size === 'number' ? { size } : {}),
  });
  const target = asText(wants['linked-to']);
  if (target?.startsWith('/')) result.add(`${pointer}/linked-to`, title, 'symlink', { path, to: target });
  else if (target !== undefined) result.refuse(`${pointer}/linked-to`, `${title}: a target that is no absolute path`);
  for (const key of ['contents', 'contains']) importPatterns(path, title, wants[key], `${pointer}/${key}`, result);
  const read = ['path', 'exists', 'filetype', 'mode', 'size', 'owner', 'group', 'uid', 'gid', 'linked-to'];
  refuseOthers(wants, [...read, 'contents', 'contains'], pointer, title, result);
}

/** A text, a `/pattern/`, and either with `!` for what must not be there. */
function importPatterns(
  path: string,
  title: string,
  value: OptionValue | undefined,
  pointer: string,
  result: Import,
): void {
  if (value !== undefined && !Array.isArray(value)) {
    result.refuse(pointer, `${title}: a matcher of goss`);
    return;
  }
  for (const [i, one] of asList(value).entries()) {
    const text = asText(one);
    if (text === undefined) {
      result.refuse(`${pointer}/${i}`, `${title}: a matcher of goss`);
      continue;
    }
    const isNot = text.startsWith('!');
    const bare = isNot ? text.slice(1) : text;
    const pattern = /^\/.*\/$/s.test(bare) ? bare.slice(1, -1) : bare.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&');
    result.addPattern(`${pointer}/${i}`, `${title}: ${text}`, pattern, (known) =>
      isNot ? { path, forbids: known } : { path, value: { matches: known } },
    );
  }
}

function importPackage(name: string, wants: Mapping, pointer: string, result: Import): void {
  const title = titleOf(wants, `package ${name}`);
  if (wants.installed === false) {
    result.add(pointer, title, 'package', { name, absent: true });
    return;
  }
  const versions = asList(wants.versions).flatMap((one) => asText(one) ?? []);
  const version = versions.length > 0 ? { version: { 'one-of': versions } } : {};
  result.add(pointer, title, 'package', { name, ...version });
  refuseOthers(wants, ['installed', 'versions'], pointer, title, result);
}

function importService(name: string, wants: Mapping, pointer: string, result: Import): void {
  const unit = name.includes('.') ? name : `${name}.service`;
  const title = titleOf(wants, `service ${name}`);
  const starts = wants.enabled ?? wants.running;
  if (typeof starts === 'boolean')
    result.add(pointer, title, 'unit', { name: unit, started: starts ? 'boot' : 'never' });
  if (wants.running !== undefined) result.refuse(`${pointer}/running`, `${title}: whether it still runs ${running}`);
  refuseOthers(wants, ['enabled', 'running'], pointer, title, result);
}

function importParameter(name: string, wants: Mapping, pointer: string, result: Import): void {
  const value = asText(wants.value);
  const title = titleOf(wants, name);
  if (value === undefined) {
    result.refuse(pointer, `${title}: a matcher of goss`);
    return;
  }
  result.add(pointer, title, 'sysctl', { key: name, value });
  refuseOthers(wants, ['value'], pointer, title, result);
}

function importInterface(name: string, wants: Mapping, pointer: string, result: Import): void {
  const title = titleOf(wants, `interface ${name}`);
  if (wants.exists === true) result.add(pointer, title, 'network-interface', { name, exists: true });
  refuseOthers(wants, wants.exists === true ? ['exists'] : [], pointer, title, result);
}
