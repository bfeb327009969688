/**
 * The accounts a NixOS system declares: `users-groups.json` (nixpkgs: nixos/modules/config/users-groups.nix), of which activation
 * makes /etc/passwd, group and shadow, or `userborn.json` (nixos/modules/services/system/userborn.nix), of which userborn.service
 * does so at boot. Numbers that are null are allotted then.
 */
import { ImageError } from '../../errors.ts';
import type { Location } from '../../location.ts';
import type { RootView } from '../root-view.ts';
import { storeDirectory } from './store-path.ts';

export interface DeclaredUser {
  readonly name: string;
  readonly uid: number | null;
  readonly group: string;
  readonly home: string;
  readonly shell: string;
  readonly description: string;
  readonly isSystemUser: boolean;
  /** The field for the shadow file; undefined if only a file on the machine holds it. */
  readonly hashedPassword: string | null | undefined;
  /** A password in plain text is given. */
  readonly hasPlainPassword: boolean;
}

export interface DeclaredGroup {
  readonly name: string;
  readonly gid: number | null;
  readonly members: readonly string[];
}

export interface DeclaredAccounts {
  readonly users: readonly DeclaredUser[];
  readonly groups: readonly DeclaredGroup[];
  /** Activation makes what is derived, a service what is declared. */
  readonly standing: 'derived' | 'declared';
  readonly location: Location;
}

const fileName = /\/nix\/store\/[0-9a-df-np-sv-z]{32}-users-groups\.json/;
const userbornUnit = 'etc/systemd/system/userborn.service';
/** The program, its configuration, and the directory it writes to. */
const userbornStart = /^ExecStart=\S+\s+(\/nix\/store\/\S+\.json)(?:\s|$)/m;

/** The accounts `toplevel` makes; undefined if it makes none this way. ImageError if their file is damaged. */
export function readDeclaredAccounts(view: RootView, toplevel: string): DeclaredAccounts | undefined {
  const script = view.readText(`${toplevel}/activate`) ?? '';
  const activated = script.includes(storeDirectory) ? fileName.exec(script)?.[0] : undefined;
  if (activated !== undefined) return readAccountsFile(view, activated, 'derived');
  const service = view.readText(`${toplevel}/${userbornUnit}`) ?? '';
  const path = userbornStart.exec(service)?.[1];
  return path === undefined ? undefined : readAccountsFile(view, path, 'declared');
}

function readAccountsFile(view: RootView, path: string, standing: DeclaredAccounts['standing']): DeclaredAccounts {
  const text = view.readText(path);
  const location = view.locate(path);
  if (text === undefined)
    throw new ImageError('corrupt', 'nixos/no-accounts', `the list of accounts ${path} is not in the store`, {
      location,
    });
  const document = parse(text, location);
  const users = listOf(document.users).map(readUser);
  return { users, groups: listOf(document.groups).map(readGroup), standing, location };
}

type Fields = Readonly<Record<string, unknown>>;

function parse(text: string, location: Location): Fields {
  try {
    return fieldsOf(JSON.parse(text));
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown;
    throw new ImageError('corrupt', 'nixos/bad-accounts', 'the list of accounts is no JSON', { location });
  }
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function listOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.map(fieldsOf).filter(({ name }) => typeof name === 'string') : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function id(value: unknown): number | null {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 0xffffffff ? value : null;
}

function readUser(fields: Fields): DeclaredUser {
  const hashed = fields.hashedPassword ?? fields.initialHashedPassword ?? null;
  const onlyInFile = hashed === null && typeof fields.hashedPasswordFile === 'string';
  return {
    name: text(fields.name),
    uid: id(fields.uid),
    group: text(fields.group),
    home: text(fields.home),
    shell: text(fields.shell),
    description: text(fields.description),
    isSystemUser: fields.isSystemUser === true || fields.isNormal === false,
    hashedPassword: onlyInFile ? undefined : typeof hashed === 'string' ? hashed : null,
    hasPlainPassword: [fields.password, fields.initialPassword].some((value) => typeof value === 'string'),
  };
}

function readGroup(fields: Fields): DeclaredGroup {
  const members = Array.isArray(fields.members) ? fields.members.filter((one) => typeof one === 'string') : [];
  return { name: text(fields.name), gid: id(fields.gid), members };
}
