/**
 * What /etc/fstab mounts besides the partitions of the image, which belong to the disk (`boot`): building a disk writes their
 * lines, a root by itself has none.
 */
import { type Concern, firstOfEach, makeRecord } from '../concern.ts';

export const mountsConcern: Concern = {
  id: 'mounts',
  title: 'mounts',
  needs: ['boot'],
  describe: (facts) =>
    firstOfEach(
      facts
        .get('boot')
        .fstab.filter(({ device }) => device.device === undefined)
        .toReversed()
        .map(({ path, type, options, device, location }) =>
          makeRecord(
            path === 'none' ? `${type} ${device.text}` : path,
            { device: device.text, type, options },
            location,
          ),
        ),
    ),
};
