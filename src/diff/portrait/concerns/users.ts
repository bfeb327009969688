/** Users of the image, and those made at boot. */
import { type Concern, firstOfEach, makeRecord } from '../concern.ts';

export const usersConcern: Concern = {
  id: 'users',
  title: 'users',
  needs: ['accounts'],
  describe: (facts) =>
    firstOfEach(
      facts.get('accounts').users.map((user) => {
        const { name, uid, gid, home, shell, password, scheme, passwordLocation, location } = user;
        const kind = scheme === undefined ? password : `${password} ($${scheme}$)`;
        return makeRecord(
          name,
          { uid, gid, home, shell, password: { value: kind, location: passwordLocation } },
          location,
        );
      }),
    ),
};
