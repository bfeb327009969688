/**
 * Files of container-structure-test (schemaVersion 2.0.0): existence and content of files become claims; commands, metadata and
 * licences are about a container that runs or about its configuration.
 */
import type { ParsedDocument } from '../language/parse-document.ts';
import { asList, asMapping, asText, Import, type Imported, type Mapping, pointerStep } from './imported.ts';

const unsaid: Readonly<Record<string, string>> = {
  commandTests: 'a command needs a machine that runs; say what file, unit or package it would show',
  metadataTest: 'the configuration of a container is not what a machine boots',
  metadataTests: 'the configuration of a container is not what a machine boots',
  licenseTests: 'licences are not looked at',
  globalEnvVars: 'they are for commands',
  containerRunOptions: 'no container is run',
};

export function isStructureTest(root: Mapping): boolean {
  return 'schemaVersion' in root;
}

export function importStructureTest(document: ParsedDocument): Imported {
  const root = asMapping(document.value) ?? {};
  const result = new Import(document);
  for (const [key, value] of Object.entries(root)) {
    if (key === 'schemaVersion') continue;
    for (const [i, one] of asList(value).entries()) {
      const test = asMapping(one);
      const pointer = `/${key}/${i}`;
      if (test && key === 'fileExistenceTests') importExistence(test, pointer, result);
      else if (test && key === 'fileContentTests') importContent(test, pointer, result);
      else if (unsaid[key] !== undefined) result.refuse(pointer, `${titleOf(test, key)}: ${unsaid[key]}`);
    }
    if (unsaid[key] !== undefined && !Array.isArray(value)) result.refuse(`/${key}`, `${key}: ${unsaid[key]}`);
    else if (unsaid[key] === undefined && !key.startsWith('file')) result.refuse(`/${key}`, `${key} is not known`);
  }
  return result;
}

const titleOf = (test: Mapping | undefined, otherwise: string): string => asText(test?.name) ?? otherwise;

const knownExistence = new Set(['name', 'path', 'shouldExist', 'permissions', 'uid', 'gid', 'isExecutableBy']);
const executeBits: Readonly<Record<string, string>> = { owner: '0100', group: '0010', other: '0001' };

function importExistence(test: Mapping, pointer: string, result: Import): void {
  const path = asText(test.path);
  if (path === undefined) {
    result.refuse(pointer, 'the test names no path');
    return;
  }
  const title = titleOf(test, path);
  if (test.shouldExist === false) {
    result.add(pointer, title, 'file', { path, absent: true });
    return;
  }
  const permissions = asText(test.permissions);
  const [uid, gid] = [asText(test.uid), asText(test.gid)];
  const by = asText(test.isExecutableBy);
  const exact = permissions === undefined ? undefined : parsePermissions(permissions);
  if (permissions !== undefined && !exact) result.refuse(`${pointer}/permissions`, `${permissions} are no permissions`);
  const bits = by === undefined ? undefined : executeBits[by];
  if (by !== undefined && !bits) result.refuse(`${pointer}/isExecutableBy`, `${title}: that anybody may execute it`);
  const owner = uid === undefined && gid === undefined ? undefined : ownerMatcher(uid, gid);
  const mode = exact ? { equals: exact.mode } : bits === undefined ? undefined : { includes: bits };
  if (exact && bits !== undefined && (Number.parseInt(exact.mode, 8) & Number.parseInt(bits, 8)) === 0)
    result.refuse(`${pointer}/isExecutableBy`, `${title}: its permissions say otherwise`);
  result.add(pointer, title, 'file', {
    path,
    ...(exact?.type === undefined ? {} : { type: exact.type }),
    ...(mode === undefined ? {} : { mode }),
    ...(owner === undefined ? {} : { owner }),
  });
  for (const key of Object.keys(test))
    if (!knownExistence.has(key)) result.refuse(pointer + pointerStep(key), `${title}: ${key} is not known`);
}

function ownerMatcher(uid: string | undefined, gid: string | undefined) {
  if (uid !== undefined && gid !== undefined) return `${uid}:${gid}`;
  return { matches: uid === undefined ? `:${gid}$` : `^${uid}:` };
}

const types: Readonly<Record<string, string>> = { '-': 'file', d: 'directory', l: 'symlink' };

/** `-rwxr-sr-x` as ls prints it. */
function parsePermissions(text: string): { readonly type?: string; readonly mode: string } | undefined {
  const parts = /^([-dlcbps]?)([r-])([w-])([xsS-])([r-])([w-])([xsS-])([r-])([w-])([xtT-])$/.exec(text);
  if (!parts) return undefined;
  const letters = parts.slice(2);
  const bits = letters.reduce((sum, letter) => sum * 2 + (letter !== '-' && !/[ST]/.test(letter) ? 1 : 0), 0);
  const special = [2, 5, 8].reduce((sum, i) => sum * 2 + (/[sStT]/.test(letters[i] ?? '') ? 1 : 0), 0);
  const type = types[parts[1] ?? ''];
  return { ...(type === undefined ? {} : { type }), mode: `${special}${bits.toString(8).padStart(3, '0')}` };
}

function importContent(test: Mapping, pointer: string, result: Import): void {
  const path = asText(test.path);
  if (path === undefined) {
    result.refuse(pointer, 'the test names no path');
    return;
  }
  const title = titleOf(test, path);
  for (const [i, value] of asList(test.expectedContents).entries()) {
    const at = `${pointer}/expectedContents/${i}`;
    result.addPattern(at, title, asText(value) ?? '', (matches) => ({ path, value: { matches } }));
  }
  for (const [i, value] of asList(test.excludedContents).entries()) {
    const at = `${pointer}/excludedContents/${i}`;
    result.addPattern(at, `${title}: not there`, asText(value) ?? '', (forbids) => ({ path, forbids }));
  }
}
