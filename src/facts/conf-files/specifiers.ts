/**
 * `%` specifiers of tmpfiles.d(5) and sysusers.d(5), as the system instance resolves them. Boot id, kernel release and an
 * unset machine id are known to the running machine only: a text with them has no offline value.
 */
import type { RootView } from '../../root/root-view.ts';
import { loadEnvFile } from '../environment/env-file.ts';

const fixed: Readonly<Record<string, string>> = {
  '%': '%',
  C: '/var/cache',
  L: '/var/log',
  S: '/var/lib',
  t: '/run',
  T: '/tmp',
  V: '/var/tmp',
  g: 'root',
  G: '0',
  h: '/root',
  u: 'root',
  U: '0',
};

const osReleaseKeys: Readonly<Record<string, string>> = {
  o: 'ID',
  w: 'VERSION_ID',
  W: 'VARIANT_ID',
  B: 'BUILD_ID',
  M: 'IMAGE_ID',
  A: 'IMAGE_VERSION',
};

export type Expanded =
  | { readonly state: 'known'; readonly text: string }
  /** Only the running machine can tell. */
  | { readonly state: 'at boot' }
  | { readonly state: 'invalid' };

/** Expands specifiers from what the image says; files are read only when a specifier asks. */
export function createSpecifiers(view: RootView): (text: string) => Expanded {
  const resolve = (letter: string): string | undefined => {
    if (Object.hasOwn(fixed, letter)) return fixed[letter];
    const key = Object.hasOwn(osReleaseKeys, letter) ? osReleaseKeys[letter] : undefined;
    if (key !== undefined) return readOsRelease(view, key);
    if (letter === 'm') return readMachineId(view);
    if (letter === 'H') return readHostname(view);
    if (letter === 'l') return readHostname(view)?.split('.')[0];
    return undefined;
  };
  return (text) => {
    if (!text.includes('%')) return { state: 'known', text };
    let expanded = '';
    for (let at = 0; at < text.length; at++) {
      const letter = text[at + 1];
      if (text[at] !== '%' || letter === undefined) {
        expanded += text[at];
        continue;
      }
      const value = resolve(letter);
      if (value === undefined && /[aAbBHlmMovwW]/.test(letter)) return { state: 'at boot' };
      if (value === undefined && /[0-9A-Za-z]/.test(letter)) return { state: 'invalid' };
      expanded += value ?? `%${letter}`;
      at += 1;
    }
    return { state: 'known', text: expanded };
  };
}

function readMachineId(view: RootView): string | undefined {
  return /^[0-9a-f]{32}$/.exec(view.readText('/etc/machine-id')?.trim() ?? '')?.[0];
}

function readHostname(view: RootView): string | undefined {
  return view.readText('/etc/hostname')?.trim() || undefined;
}

function readOsRelease(view: RootView, key: string): string {
  const text = view.readText('/etc/os-release') ?? view.readText('/usr/lib/os-release') ?? '';
  return loadEnvFile(text).variables[key]?.value ?? '';
}
