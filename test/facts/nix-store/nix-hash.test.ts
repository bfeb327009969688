/** Hashes of store paths, against nix-hash and the registration of the fixture's own maker. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import nixStore from '../../../src/checks/contracts/nix-store.yaml';
import { evaluate } from '../../../src/checks/evaluate.ts';
import { FactStore } from '../../../src/facts/fact-store.ts';
import { parseNixHash } from '../../../src/facts/nix-store/hash-text.ts';
import { hashNar } from '../../../src/facts/nix-store/nar-hash.ts';
import { MemoryFileSystem } from '../../../src/filesystems/memory.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { openImage } from '../../../src/root/open-image.ts';
import { edit, factsOf, fixture, loadTree, pathOf, remove, toplevel } from '../../root/nixos/system-image.ts';

const tree = await loadTree('tarball.tar.xz');

async function judge(facts: FactStore) {
  const { results } = await evaluate(nixStore, facts, { set: new Map() });
  return Object.fromEntries(results.map(({ id, verdict }) => [id, verdict.status]));
}

describe('the hash of a store path', () => {
  it('is what nix-hash prints', () => {
    const expected = readFileSync(fixture('toplevel.sha256'), 'utf8').trim();
    expect(factsOf(tree).get('nix-hash', toplevel).value).toMatchObject({ state: 'same', hash: expected });
  });

  it('cannot be taken of what no store path holds', () => {
    const fileSystem = new MemoryFileSystem({ '/pipe': { type: 'fifo' } });
    expect(() => hashNar(fileSystem, fileSystem.root, defaultLimits)).toThrow(
      expect.objectContaining({ code: 'nix/bad-node' }),
    );
  });

  it.each([
    ['0'.repeat(64), '0'.repeat(64)],
    [`sha256:${'f'.repeat(64)}`, 'f'.repeat(64)],
    // nix-hash --to-base32 and --to-base16 of the hash of an empty text
    [
      'sha256:0mdqa9w1p6cmli6976v4wi0sw9r4p5prkj7lzfd1877wk11c9c73',
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    ],
    ['z'.repeat(52), undefined],
    ['sha1:00', undefined],
    ['e'.repeat(52), undefined],
  ])('%s', (text, expected) => {
    expect(parseNixHash(text)).toBe(expected);
  });
});

describe('a store judged by itself', () => {
  it.each(['installed.ext4.zst', 'nix-store.squashfs'])('%s is whole', async (name) => {
    const image = await openImage(fixture(name), { limits: defaultLimits });
    const facts = new FactStore(image.view, image.facts);
    expect(await judge(facts)).toEqual({ 'NIX-01': 'pass', 'NIX-02': 'pass', 'NIX-03': 'pass' });
    image.close();
  });

  it('shows a file that somebody changed', async () => {
    const changed = { ...tree };
    edit(changed, '-unit-k3s.service/k3s.service', 'KillMode=process', 'KillMode=mixed');
    expect(await judge(factsOf(changed))).toEqual({ 'NIX-01': 'pass', 'NIX-02': 'fail', 'NIX-03': 'pass' });
  });

  it('does not look further once a path is missing, and cannot tell without hashes', async () => {
    const broken = { ...tree };
    remove(broken, pathOf(tree, '-glibc-2.40-36'));
    expect(await judge(factsOf(broken))).toMatchObject({ 'NIX-01': 'fail', 'NIX-02': 'skip' });
    const bare = { ...tree };
    remove(bare, '/nix-path-registration');
    expect(await judge(factsOf(bare))).toMatchObject({ 'NIX-01': 'pass', 'NIX-02': 'unknown' });
  });
});
