/**
 * Generators that are not systemd's own (cloud-init, postgresql, openvpn ...): what they make only a boot tells. Units that such a program
 * names may be started by it, and those that exist in no file may come from it. Names that a program composes are not seen.
 */
import { decodeBytes } from '../../../bytes/names.ts';
import type { Location } from '../../../location.ts';
import type { RootView } from '../../../root/root-view.ts';
import { parseUnitName, templateOf } from '../unit-name.ts';
import { listOtherGenerators } from './generator-files.ts';

export interface OtherGenerator {
  readonly path: string;
  readonly location: Location;
  /** Units and templates that its text names, comments of a script left out. */
  readonly units: ReadonlySet<string>;
}

/** Bytes of one program that are looked through. */
const maxBytes = 16 << 20;

/** In the order of their names. Throws if one cannot be read. */
export function findOtherGenerators(view: RootView): readonly OtherGenerator[] {
  return listOtherGenerators(view).map((path) => {
    const source = view.open(path);
    const text = decodeBytes(source.read(0, Math.min(source.size, maxBytes)));
    return { path, location: view.locate(path), units: unitsNamedIn(text) };
  });
}

/** Whether the generator names the unit, or the template it is an instance of. */
export function namesUnit({ units }: OtherGenerator, unit: string): boolean {
  const parsed = parseUnitName(unit);
  const template = parsed?.form === 'instance' ? templateOf(parsed) : undefined;
  return units.has(unit) || (template !== undefined && units.has(template));
}

function unitsNamedIn(text: string): ReadonlySet<string> {
  const code = text.startsWith('#!') ? text.replace(/^[ \t]*#.*$/gm, '') : text;
  return new Set(code.split(/[^0-9A-Za-z:_.@\\-]+/).filter((word) => parseUnitName(word) !== undefined));
}
