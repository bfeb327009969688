/**
 * Names of owners as the image's own /etc/passwd and /etc/group have them, else as a NixOS system declares them; where they cannot
 * be read, numbers serve.
 */
import { asImageError } from '../errors.ts';
import { type DeclaredAccounts, readDeclaredAccounts } from '../root/nixos/users-groups.ts';
import type { RootView } from '../root/root-view.ts';

export interface OwnerNames {
  user(uid: number): string | undefined;
  group(gid: number): string | undefined;
}

export function readOwnerNames(view: RootView): OwnerNames {
  const users = readNames(view, '/etc/passwd');
  const groups = readNames(view, '/etc/group');
  let declared: DeclaredAccounts | 'none' | undefined;
  const declaration = (): DeclaredAccounts | undefined => {
    declared ??= readDeclared(view) ?? 'none';
    return declared === 'none' ? undefined : declared;
  };
  return {
    user: (uid) => users.get(String(uid)) ?? declaration()?.users.find((user) => user.uid === uid)?.name,
    group: (gid) => groups.get(String(gid)) ?? declaration()?.groups.find((group) => group.gid === gid)?.name,
  };
}

function readDeclared(view: RootView): DeclaredAccounts | undefined {
  try {
    const toplevel = view.readLink('/run/current-system');
    return toplevel === undefined ? undefined : readDeclaredAccounts(view, toplevel);
  } catch (thrown) {
    asImageError(thrown);
    return undefined;
  }
}

/** By the text of the id; the first name of an id counts. */
function readNames(view: RootView, path: string): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  try {
    for (const line of view.readText(path)?.split('\n') ?? []) {
      const [name, , id] = line.split(':', 3);
      if (name !== undefined && name !== '' && id !== undefined && !names.has(id)) names.set(id, name);
    }
  } catch (thrown) {
    asImageError(thrown);
  }
  return names;
}
