/** Groups of the image, and those made at boot. */
import { type Concern, firstOfEach, makeRecord } from '../concern.ts';

export const groupsConcern: Concern = {
  id: 'groups',
  title: 'groups',
  needs: ['accounts'],
  describe: (facts) =>
    firstOfEach(
      facts
        .get('accounts')
        .groups.map(({ name, gid, members, location }) =>
          makeRecord(name, { gid, members: [...members].sort() }, location),
        ),
    ),
};
