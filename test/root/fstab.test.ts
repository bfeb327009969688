import { describe, expect, it } from 'vitest';
import { findOption, parseFstab } from '../../src/root/fstab.ts';

describe('parseFstab', () => {
  it('reads fields, comments and escapes as getmntent does', () => {
    const { entries, badLines } = parseFstab(
      [
        '# /etc/fstab: static file system information.',
        '',
        'proc\t/proc\tproc\tnodev,noexec,nosuid 0 0',
        '  UUID=ABCD-1234 /boot\\040files  vfat  ',
        'LABEL=d\\303\\244ta /data auto noauto,x-systemd.automount,subvol=a=b 0 2',
        '/dev/sda9',
        'a b',
      ].join('\n'),
    );
    expect(entries).toEqual([
      { device: 'proc', path: '/proc', type: 'proc', options: ['nodev', 'noexec', 'nosuid'], line: 3 },
      { device: 'UUID=ABCD-1234', path: '/boot files', type: 'vfat', options: ['defaults'], line: 4 },
      {
        device: 'LABEL=däta',
        path: '/data',
        type: 'auto',
        options: ['noauto', 'x-systemd.automount', 'subvol=a=b'],
        line: 5,
      },
    ]);
    expect(badLines).toEqual([6, 7]);
    expect(findOption(entries[2]?.options ?? [], 'subvol')).toBe('a=b');
    expect(findOption([], 'subvol')).toBeUndefined();
  });
});
