/** The fact `passwords`: which accounts share a hash, and which have a password that everybody would try first. */
import { damageFrom } from '../../diagnostic.ts';
import { asImageError } from '../../errors.ts';
import type { RootView } from '../../root/root-view.ts';
import type { FactReader, FactResult, Gap } from '../fact.ts';
import { parsePasswordField, parseShadow, type ShadowEntry } from './account-files.ts';
import type { PasswordStrength, PasswordsFact } from './passwords-fact.ts';
import { isShaCryptOf } from './sha-crypt.ts';

/** What images are shipped with, and what is tried first. The account's own name is tried too. */
const words = [
  ...['root', 'toor', 'admin', 'password', 'passwd', 'changeme', 'default', 'secret', 'test', 'user', 'guest', 'demo'],
  ...['debian', 'isar', 'ubuntu', 'nixos', 'raspberry', 'k3s', 'rancher', 'siemens', 'welcome', 'qwerty', 'letmein'],
  ...['1234', '12345', '123456', '12345678', '123456789', '0000'],
];

/** Accounts that are tried at most: a hash costs some milliseconds a word. */
const MAX_TRIED = 50;

export const passwordsReader: FactReader<'passwords'> = {
  id: 'passwords',
  title: 'accounts that share a password, or have one that is well known',
  reads: ['/etc/shadow', '/etc/passwd'],
  needs: [],
  read: readPasswords,
};

function readPasswords(view: RootView): FactResult<PasswordsFact> {
  const gaps: Gap[] = [];
  const entries = ['/etc/passwd', '/etc/shadow'].flatMap((path) => readHashes(view, path, gaps));
  const passwords = entries.map(({ name, field, location }, i): PasswordStrength => {
    const tried = i < MAX_TRIED ? [name, ...words].map((word) => [word, isShaCryptOf(word, field)] as const) : [];
    const word = tried.find(([, isRight]) => isRight)?.[0];
    const sharedWith = entries.filter((other) => other.name !== name && other.field === field);
    return {
      name,
      scheme: parsePasswordField(field).scheme ?? '',
      isTried: tried.some(([, isRight]) => isRight !== undefined),
      ...(word === undefined ? {} : { word }),
      sharedWith: sharedWith.map((other) => other.name),
      location,
    };
  });
  return { value: { passwords }, diagnostics: gaps.map(({ cause }) => cause), gaps };
}

/** Entries of one file whose field is a hash. */
function readHashes(view: RootView, path: string, gaps: Gap[]): readonly ShadowEntry[] {
  const location = view.locate(path);
  try {
    const entries = [...parseShadow(view.readText(path) ?? '', location).values()];
    return entries.filter(({ field }) => parsePasswordField(field).password === 'hash');
  } catch (thrown) {
    gaps.push({ cause: { location, ...damageFrom(asImageError(thrown)) } });
    return [];
  }
}
