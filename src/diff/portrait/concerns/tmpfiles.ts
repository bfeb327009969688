/** What systemd-tmpfiles makes, changes and removes at boot. */
import { formatMode } from '../../../facts/systemd/values/integer.ts';
import type { TmpfilesLine } from '../../../facts/tmpfiles/tmpfiles-fact.ts';
import { type Concern, firstOfEach, makeRecord } from '../concern.ts';

export const tmpfilesConcern: Concern = {
  id: 'tmpfiles',
  title: 'temporary files',
  needs: ['tmpfiles'],
  describe: (facts) => {
    const { lines, undecided } = facts.get('tmpfiles');
    return firstOfEach([...lines.map(describeLine), ...undecided.map(describeWritten)]);
  },
};

function describeLine(line: TmpfilesLine) {
  const { type, modifiers, path, mode, uid, gid, age, argument, written, location } = line;
  // Machines differ in their ids: the line is the same.
  if (written !== undefined) return describeWritten({ text: written, location });
  const fields = { modifiers, mode: mode === undefined ? undefined : formatMode(mode), uid, gid, age, argument };
  return makeRecord(`${type} ${path}`, { ...fields, modifiers: modifiers === '' ? undefined : modifiers }, location);
}

/** A line that only the running machine can complete. */
function describeWritten({ text, location }: Pick<TmpfilesLine, 'location'> & { readonly text: string }) {
  const [action = '', path = '', ...rest] = text.split(/[ \t]+/);
  const modifiers = action.slice(1);
  const fields = { modifiers: modifiers === '' ? undefined : modifiers, line: rest.join(' ') || undefined };
  return makeRecord(`${action.slice(0, 1)} ${path}`, fields, location);
}
