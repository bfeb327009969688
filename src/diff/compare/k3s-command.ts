/**
 * The command of the k3s unit, where it differs in flags only: each flag is compared under k3s, wherever it is set, with what it
 * means; the line that holds them all says nothing more.
 */
import { parseFlags, splitAtRole } from '../../facts/k3s/arguments.ts';
import { parseExecCommands } from '../../facts/systemd/values/exec-command.ts';
import type { Location } from '../../location.ts';
import type { Change, ChangeSide } from '../change.ts';
import type { Portrait } from '../portrait/portrait.ts';
import { withoutStoreHashes } from './normal-text.ts';

/** The changes, that command of class `equivalent` if nothing of it differs besides. `a` and `b` say which command it is. */
export function settleK3sCommand(changes: readonly Change[], a: Portrait, b: Portrait): readonly Change[] {
  const [ours, theirs] = [commandPlace(a), commandPlace(b)];
  if (!ours || !theirs) return changes;
  return changes.map((change) => {
    const isCommand = change.concern === 'units' && change.field === 'Service.ExecStart' && change.class === 'drift';
    if (!isCommand || !isSamePlace(change.a?.at, ours) || !isSamePlace(change.b?.at, theirs)) return change;
    const rest = withoutFlags(change.a);
    if (rest === undefined || rest !== withoutFlags(change.b)) return change;
    return { ...change, class: 'equivalent', reason: 'its flags are compared one by one under k3s' };
  });
}

/** The line of ExecStart= whose flags the portrait tells. */
function commandPlace({ concerns }: Portrait): Location | undefined {
  return concerns.k3s?.records.find(({ key }) => key === 'program')?.fields.value?.at;
}

const isSamePlace = (at: Location | undefined, place: Location): boolean =>
  at?.source === place.source && at.path === place.path && at.line === place.line;

/** What else the commands say; undefined if not all of it is known to be flags. */
function withoutFlags(side: ChangeSide | undefined): string | undefined {
  const parsed = (side?.values ?? []).map((value) => parseExecCommands(value, (text) => text));
  if (parsed.some((one) => 'fatal' in one || one.ignored !== undefined)) return undefined;
  const commands = parsed.flatMap((one) => one.commands);
  const rest = commands.map(({ path, argv, flags }) => {
    const program = [...flags, withoutStoreHashes(path)];
    const words = argv.slice(1).map((text) => ({ text, location: { source: '' } }));
    const { role, flags: given } = splitAtRole(words);
    if (role === undefined) return [...program, ...argv.slice(1).map(withoutStoreHashes)];
    const before = words.slice(0, words.length - given.length);
    // What variables hold is told by where they are set.
    const isVariable = ({ text }: { text: string }): boolean => text.startsWith('$');
    const { problems } = parseFlags(
      given.filter((word) => !isVariable(word)),
      role,
      undefined,
    );
    if (problems.length > 0) return undefined;
    return [...program, ...[...before, ...given.filter(isVariable)].map(({ text }) => text)];
  });
  return rest.includes(undefined) ? undefined : JSON.stringify(rest);
}
