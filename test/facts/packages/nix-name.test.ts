/** Names of store paths as Nix splits them (builtins.parseDrvName), outputs taken off. */
import { describe, expect, it } from 'vitest';
import { isPackageName, parseNixName } from '../../../src/facts/packages/nix-name.ts';

describe('names of store paths', () => {
  it.each([
    ['k3s-1.32.1+k3s1', 'k3s', '1.32.1+k3s1', undefined],
    ['util-linux-2.40.2-bin', 'util-linux', '2.40.2', 'bin'],
    ['bash-interactive-5.2', 'bash-interactive', '5.2', undefined],
    ['perl5.30.3-XML', 'perl5.30.3-XML', '', undefined],
    ['system-units', 'system-units', '', undefined],
    ['glibc-2.40-36', 'glibc', '2.40-36', undefined],
    ['glibc-2.40-36-getent', 'glibc', '2.40-36', 'getent'],
    ['linux-6.6.74-modules', 'linux', '6.6.74', 'modules'],
    ['foo-', 'foo-', '', undefined],
  ])('%s', (text, name, version, output) => {
    expect(parseNixName(text)).toEqual({ name, version, ...(output === undefined ? {} : { output }) });
  });

  it.each([
    ['k3s-1.32.1+k3s1', true],
    ['system-path', false],
    ['unit-k3s.service', false],
    ['unit-20-eth1.network', false],
    ['etc-sysctl.d-60-nixos.conf', false],
    ['nixos-system-node-24.11', false],
    ['initrd-linux-6.6.74', false],
    ['k3s-1.32.1.drv', false],
  ])('%s is a package: %s', (text, expected) => {
    expect(isPackageName(text)).toBe(expected);
  });
});
