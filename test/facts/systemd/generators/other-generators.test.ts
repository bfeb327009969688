/** Generators of other packages: what their text names may start, everything else is as without them. */
import { describe, expect, test } from 'vitest';
import { ImageError } from '../../../../src/errors.ts';
import { resolveStartup } from '../../../../src/facts/systemd/startup.ts';
import { UnitSet } from '../../../../src/facts/systemd/unit-set.ts';
import { MemoryFileSystem, type MemoryTree } from '../../../../src/filesystems/memory.ts';
import { defaultLimits } from '../../../../src/limits.ts';
import { RootView } from '../../../../src/root/root-view.ts';

const lib = '/usr/lib/systemd/system';
const generators = '/usr/lib/systemd/system-generators';
const service = '[Service]\nExecStart=/bin/true\n';
// What that of cloud-init 25.1 comes down to.
const cloudInit = `#!/bin/sh
# multi-user.target wants idle.service
CLOUD_SYSTEM_TARGET="/lib/systemd/system/cloud-init.target"
ln -snf "$CLOUD_SYSTEM_TARGET" "$gen_d/multi-user.target.wants/\${CLOUD_TARGET_NAME}"
`;
const openvpn = '#!/bin/sh\nSERVICEFILE="/lib/systemd/system/openvpn@.service"\nln -s "$SERVICEFILE" "$1/x"\n';
const tree: MemoryTree = {
  [`${generators}/cloud-init-generator`]: { text: cloudInit, mode: 0o755 },
  [`${generators}/openvpn-generator`]: { text: openvpn, mode: 0o755 },
  [`${generators}/elf-generator`]: {
    bytes: Buffer.from('\x7fELF\0\xff\0native.service\0made.mount\0', 'latin1'),
    mode: 0o755,
  },
  [`${generators}/systemd-own-generator`]: { text: 'idle.service', mode: 0o755 },
  [`${lib}/default.target`]: { link: 'multi-user.target' },
  [`${lib}/multi-user.target`]: '[Unit]\nWants=on.service\n',
  [`${lib}/cloud-init.target`]: '[Unit]\nWants=cloud-init-local.service\n',
  [`${lib}/cloud-init-local.service`]: service,
  [`${lib}/openvpn@.service`]: service,
  [`${lib}/native.service`]: service,
  [`${lib}/idle.service`]: service,
  [`${lib}/on.service`]: service,
  '/etc/machine-id': '0123456789abcdef0123456789abcdef\n',
};

function start(more: MemoryTree = {}) {
  const fileSystem = new MemoryFileSystem({ ...tree, ...more });
  return resolveStartup(new UnitSet(new RootView([{ path: '/', fileSystem }], defaultLimits)));
}

describe('whether it starts', () => {
  test.each([
    ['on.service', 'boot'],
    ['cloud-init.target', 'unknown'],
    ['cloud-init-local.service', 'unknown'],
    ['openvpn@office.service', 'unknown'],
    ['native.service', 'unknown'],
    ['made.mount', 'unknown'],
    ['idle.service', undefined],
    ['absent.service', undefined],
  ])('%s: %s', (unit, state) => {
    expect(start().value.units[unit]?.state).toBe(state);
  });

  test('by which program', () => {
    const because = start().value.units['cloud-init-local.service']?.because;
    expect(because?.map(({ unit, location }) => [unit, location.path])).toEqual([
      ['cloud-init.target', `${generators}/cloud-init-generator`],
      ['cloud-init-local.service', `${lib}/cloud-init.target`],
    ]);
  });
});

test('a masked generator makes nothing', () => {
  const masked = { '/etc/systemd/system-generators/cloud-init-generator': { link: '/dev/null' } };
  expect(start(masked).value.units['cloud-init.target']).toBeUndefined();
});

test('what cannot be read may start anything', () => {
  const error = new ImageError('corrupt', 'ext4/bad-checksum', 'damaged');
  const startup = start({ [`${generators}/cloud-init-generator`]: { text: cloudInit, mode: 0o755, error } });
  expect(startup.value.units['idle.service']).toBeUndefined();
  expect(startup.gaps.map(({ cause, keys }) => [cause.code, keys])).toEqual([['ext4/bad-checksum', undefined]]);
});
