/** What systemd-tmpfiles makes, changes and removes at boot. */
import { formatMode } from '../../../facts/systemd/values/integer.ts';
import type { TmpfilesLine } from '../../../facts/tmpfiles/tmpfiles-fact.ts';
import { type Concern, firstOfEach, makeRecord } from '../concern.ts';

export const tmpfilesConcern: Concern = {
  id: 'tmpfiles',
  title: 'temporary files',
  needs: ['tmpfiles'],
  describe: (facts) => firstOfEach(facts.get('tmpfiles').lines.map(describeLine)),
};

function describeLine({ type, modifiers, path, mode, uid, gid, age, argument, location }: TmpfilesLine) {
  const fields = { modifiers, mode: mode === undefined ? undefined : formatMode(mode), uid, gid, age, argument };
  return makeRecord(`${type} ${path}`, { ...fields, modifiers: modifiers === '' ? undefined : modifiers }, location);
}
