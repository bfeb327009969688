/** The grammar of store paths, and the names of generated systems in it. */
import { describe, expect, it } from 'vitest';
import { isStoreName, parseStorePath, storeNameOf } from '../../../src/root/nixos/store-path.ts';
import { isToplevelName, toplevelOf } from '../../../src/root/nixos/toplevel.ts';

const hash = '0mjpgaxx2hg9m4q5174kwiqjc5j5as21';

describe('store paths', () => {
  it.each([
    [`${hash}-socat-1.8.0.2`, true],
    [`${hash}-.hidden`, true],
    [`${hash}-${'x'.repeat(211)}`, true],
    [`${hash}-${'x'.repeat(212)}`, false],
    [`${hash}-`, false],
    [`${hash}-.`, false],
    [`${hash}-..-a`, false],
    [`${hash}-a b`, false],
    [`${hash}.lock`, false],
    [`${hash.replace('x', 'e')}-socat`, false],
    ['.links', false],
  ])('%s: %s', (name, expected) => {
    expect(isStoreName(name)).toBe(expected);
  });

  it('are taken apart', () => {
    expect(parseStorePath(`/nix/store/${hash}-k3s-1.32.1+k3s1/bin/k3s`)).toEqual({
      path: `/nix/store/${hash}-k3s-1.32.1+k3s1`,
      hash,
      name: 'k3s-1.32.1+k3s1',
      rest: '/bin/k3s',
    });
    expect(parseStorePath(`/nix/store/.links/${hash}`)).toBeUndefined();
    expect(parseStorePath(`/usr/store/${hash}-a`)).toBeUndefined();
    expect(storeNameOf(`/nix/store/${hash}-a-1`)).toBe('a-1');
    expect(storeNameOf('/etc')).toBe('/etc');
  });

  it('name a system by its init', () => {
    const system = `/nix/store/${hash}-nixos-system-a-24.11`;
    expect([system, `${system}/init`, `${system}/prepare-root`].map(toplevelOf)).toEqual([system, system, system]);
    expect(toplevelOf(`${system}/sw/bin/init`)).toBeUndefined();
    expect(isToplevelName('nixos-system-a-24.11')).toBe(true);
    expect(isToplevelName('nixos-1')).toBe(false);
  });
});
