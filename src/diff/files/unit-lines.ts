/** A unit file against its other version, directive by directive: what was written, not what counts in the end. */
import { type ParsedAssignment, parseUnitFile } from '../../facts/systemd/unit-file-parser.ts';

const unitFile =
  /\.(?:service|socket|target|timer|path|mount|automount|swap|slice|scope|network|netdev|link)(?:\.d\/[^/]+\.conf)?$/;

/** Undefined if the path is none of a unit, or the texts differ in their comments only. */
export function formatUnitChanges(path: string, a: string, b: string): readonly string[] | undefined {
  if (!unitFile.test(path)) return undefined;
  const [ours, theirs] = [directivesOf(a), directivesOf(b)];
  const lines = [...new Set([...ours.keys(), ...theirs.keys()])].flatMap((name) => {
    const [x, y] = [ours.get(name), theirs.get(name)];
    return x === y ? [] : [`${name}: ${x ?? '(none)'} -> ${y ?? '(none)'}`];
  });
  return lines.length > 0 ? lines : undefined;
}

/** All assignments of a directive as one text. */
function directivesOf(file: string): ReadonlyMap<string, string> {
  const directives = new Map<string, string>();
  const { assignments } = parseUnitFile(file, () => true);
  for (const { section, key, value: text } of assignments as readonly ParsedAssignment[]) {
    const value = text.replace(/[ \t]+/g, ' ');
    const name = `${section}.${key}`;
    const before = directives.get(name);
    directives.set(name, before === undefined ? value : `${before} | ${value}`);
  }
  return directives;
}
