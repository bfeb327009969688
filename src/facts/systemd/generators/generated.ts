/** What systemd's generators would write into /run/systemd/generator at boot, derived from the image. systemd.generator(7). */
import type { Location } from '../../../location.ts';
import type { LinkKind } from '../loaded-unit.ts';

export const generatorDirectory = '/run/systemd/generator';
/** For what counts only if nothing else has the name. */
const lateDirectory = '/run/systemd/generator.late';

export interface GeneratedUnit {
  readonly name: string;
  readonly text: string;
  /** The line (or file, or partition) of the image it is made from. */
  readonly origin: Location;
  /** Any other file of that name comes before it. */
  readonly late?: true;
}

/** Where the generator would write it. */
export function generatedPath({ name, late }: GeneratedUnit): string {
  return `${late ? lateDirectory : generatorDirectory}/${name}`;
}

/** A link `FROM.wants/TO` or `FROM.requires/TO`. */
export interface GeneratedLink {
  readonly from: string;
  readonly kind: Exclude<LinkKind, 'Upholds'>;
  readonly to: string;
  readonly origin: Location;
}

/** A link that gives a unit another name. */
export interface GeneratedAlias {
  readonly name: string;
  readonly to: string;
  readonly origin: Location;
  /** Any other file or link of that name comes before it. */
  readonly late?: true;
}

export interface Generated {
  readonly units: readonly GeneratedUnit[];
  readonly links: readonly GeneratedLink[];
  readonly aliases?: readonly GeneratedAlias[];
  /** Units that the kernel command line masks. */
  readonly masks: readonly { readonly name: string; readonly origin: Location }[];
}

export const nothing: Generated = { units: [], links: [], masks: [] };

export function mergeGenerated(parts: readonly Generated[]): Generated {
  return {
    units: parts.flatMap((part) => part.units),
    links: parts.flatMap((part) => part.links),
    aliases: parts.flatMap((part) => part.aliases ?? []),
    masks: parts.flatMap((part) => part.masks),
  };
}

/** A `%` in a path or option would be a specifier. */
export function escapeSpecifiers(text: string): string {
  return text.replaceAll('%', '%%');
}
