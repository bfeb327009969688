/**
 * The setuid programs of a NixOS system (nixpkgs: nixos/modules/security/wrappers): made in /run/wrappers at boot by a script that
 * copies one wrapper per program and gives it owner, mode and capabilities; before 24.05 the activation script did so.
 */
import { encodeFileCapabilities } from '../../filesystems/file-capabilities.ts';
import type { RootView } from '../root-view.ts';
import { storeDirectory } from './store-path.ts';

export interface DeclaredWrapper {
  readonly name: string;
  /** The program that is copied. */
  readonly source: string;
  readonly mode: number;
  readonly user: string;
  readonly group: string;
  /** Value of `security.capability`. */
  readonly capabilities?: Uint8Array;
}

export const wrappersDirectory = '/run/wrappers/bin';
const unit = 'etc/systemd/system/suid-sgid-wrappers.service';
const startScript = /^ExecStart=\S*?(\/nix\/store\/\S+)/m;
const copyLine = /^\s*cp\s+["']?(\/nix\/store\/[^\s"']+)["']?\s+"?\$wrapperDir\/([A-Za-z0-9._+-]+)"?\s*$/;
const ownerLine = /^\s*chown\s+["']?([\w-]+)[:.]([\w-]+)["']?\s+"?\$wrapperDir\/([A-Za-z0-9._+-]+)"?\s*$/;
const modeLine = /^\s*chmod\s+["']?([ugoa+=\-rwxs,0-7]+)["']?\s+"?\$wrapperDir\/([A-Za-z0-9._+-]+)"?\s*$/;
const capabilityLine = /^\s*\S*\/setcap\s+"([A-Za-z0-9_,+=\- ]+)"\s+"?\$wrapperDir\/([A-Za-z0-9._+-]+)"?\s*$/;

/** Permission bits of `u+s`, `g+x` ... as the scripts write them. */
const bits: Readonly<Record<string, number>> = {
  us: 0o4000,
  gs: 0o2000,
  ur: 0o400,
  uw: 0o200,
  ux: 0o100,
  gr: 0o040,
  gw: 0o020,
  gx: 0o010,
  or: 0o004,
  ow: 0o002,
  ox: 0o001,
};

/** The wrappers that boot makes, in the order of the script. Throws if it cannot be read. */
export function readDeclaredWrappers(view: RootView, toplevel: string): readonly DeclaredWrapper[] {
  const service = view.readText(`${toplevel}/${unit}`);
  const script = service === undefined ? `${toplevel}/activate` : startScript.exec(service)?.[1];
  const text = script?.startsWith(storeDirectory) ? view.readText(script) : undefined;
  return text === undefined ? [] : parseWrapperScript(text);
}

/** The wrappers one script makes; the last line that speaks of one counts. */
export function parseWrapperScript(text: string): readonly DeclaredWrapper[] {
  const wrappers = new Map<string, DeclaredWrapper>();
  const change = (name: string | undefined, with_: Partial<DeclaredWrapper>): void => {
    const known = wrappers.get(name ?? '');
    if (known) wrappers.set(known.name, { ...known, ...with_ });
  };
  for (const line of text.split('\n')) {
    const copy = copyLine.exec(line);
    if (copy?.[1] && copy[2])
      wrappers.set(copy[2], { name: copy[2], source: copy[1], mode: 0, user: 'root', group: 'root' });
    const owner = ownerLine.exec(line);
    if (owner?.[1] && owner[2]) change(owner[3], { user: owner[1], group: owner[2] });
    const mode = modeLine.exec(line);
    if (mode?.[1]) change(mode[2], { mode: parseMode(mode[1]) });
    const capability = capabilityLine.exec(line);
    const capabilities = capability?.[1] === undefined ? undefined : encodeFileCapabilities(capability[1]);
    if (capabilities) change(capability?.[2], { capabilities });
  }
  return [...wrappers.values()];
}

/** In octal, or the clauses chmod(1) applies to a file that had no permission. */
function parseMode(text: string): number {
  if (/^[0-7]{1,4}$/.test(text)) return Number.parseInt(text, 8);
  let mode = 0;
  for (const clause of text.split(',')) {
    const [, who = '', sign = '', what = ''] = /^([ugoa]*)([+=-])([rwxs]*)$/.exec(clause) ?? [];
    for (const one of who.includes('a') || who === '' ? 'ugo' : who)
      for (const letter of what) {
        const bit = bits[one + letter] ?? 0;
        mode = sign === '-' ? mode & ~bit : mode | bit;
      }
  }
  return mode;
}
