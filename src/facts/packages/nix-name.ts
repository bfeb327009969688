/**
 * Name and version in the name of a store path, split as Nix does (parseDrvName: the version starts after the first dash that
 * is not followed by a letter), and the suffix of an output (`-bin`, `-lib`) taken off the version.
 */
export interface NixName {
  readonly name: string;
  /** Empty if there is none. */
  readonly version: string;
  /** `bin`, `dev` ...; absent for the first output. */
  readonly output?: string;
}

const outputs =
  /^(.+)-(bin|dev|lib|man|doc|info|out|debug|static|data|su|terminfo|dist|py|getent|modules|login|mount|swap)$/;

/** Takes the name of a store path apart. */
export function parseNixName(text: string): NixName {
  const dash = /-(?=[^A-Za-z])/.exec(text)?.index;
  if (dash === undefined) return { name: text, version: '' };
  const name = text.slice(0, dash);
  const version = text.slice(dash + 1);
  const match = outputs.exec(version);
  if (!match?.[1] || !match[2]) return { name, version };
  return { name, version: match[1], output: match[2] };
}

/** Parts of a system that are no packages. */
const parts =
  /^(?:unit-|etc-|X-Restart-Triggers|X-Reload-Triggers|nixos-system-|initrd-)|(?:\.drv|\.conf|\.json|\.pam|\.service|\.target|-env)$/;

/** Whether a store path's name is one of a package: it has a version and is no generated part of a system. */
export function isPackageName(text: string): boolean {
  return !parts.test(text) && parseNixName(text).version !== '';
}
