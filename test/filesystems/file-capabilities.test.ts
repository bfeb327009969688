/** What setcap(8) of libcap 2.66 wrote for each text, read back with getfattr(1). */
import { describe, expect, it } from 'vitest';
import { formatCapabilities, parseCapabilities } from '../../src/facts/files/capabilities.ts';
import { encodeFileCapabilities } from '../../src/filesystems/file-capabilities.ts';

const recorded: readonly (readonly [text: string, attribute: string])[] = [
  ['cap_setpcap,cap_net_raw+p', '0000000200210000000000000000000000000000'],
  ['cap_setpcap,cap_net_raw+ep', '0100000200210000000000000000000000000000'],
  ['cap_setpcap,cap_net_bind_service=+ep', '0100000200050000000000000000000000000000'],
  ['cap_setpcap,cap_sys_nice+pie', '0100000200018000000180000000000000000000'],
  ['all=ep', '01000002ffffffff00000000ff01000000000000'],
  ['=ep cap_sys_admin-ep', '01000002ffffdfff00000000ff01000000000000'],
  ['CAP_SETPCAP,cap_perfmon,cap_checkpoint_restore=ep', '0100000200010000000000004001000000000000'],
  ['cap_net_raw+ep-e', '0000000200200000000000000000000000000000'],
  ['cap_sys_rawio,cap_setpcap+ie', '0100000200000000000102000000000000000000'],
];

describe('the text setcap takes', () => {
  it.each(recorded)('%s', (text, attribute) => {
    expect(Buffer.from(encodeFileCapabilities(text) ?? []).toString('hex')).toBe(attribute);
  });

  it.each(['cap_nonsense+p', 'cap_net_raw', 'cap_setpcap=p cap_net_admin=eip', '', '+p', 'cap_net_raw+x'])(
    'is not %j',
    (text) => expect(encodeFileCapabilities(text)).toBeUndefined(),
  );

  it('says the same as getcap afterwards', () => {
    const bytes = encodeFileCapabilities('cap_setpcap,cap_net_raw+p');
    expect(bytes && formatCapabilities(parseCapabilities(bytes))).toBe('cap_setpcap,cap_net_raw=p');
  });
});
