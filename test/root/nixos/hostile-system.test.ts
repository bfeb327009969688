/** Systems with anything where something else should be: every question ends in an answer or an ImageError. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asImageError, ImageError } from '../../../src/errors.ts';
import type { FactId } from '../../../src/facts/fact.ts';
import type { MemoryNode } from '../../../src/filesystems/memory.ts';
import { factsOf, loadTree, toplevel } from './system-image.ts';

const tree = await loadTree('tarball.tar.xz');
const paths = Object.keys(tree).filter((path) => path !== '/' && path !== '/nix' && path !== '/nix/store');
// What names the system is where most of it hangs.
const near = paths.filter(
  (path) => path.startsWith(toplevel) || /-etc\/|system-units|users-groups|unit-k3s/.test(path),
);
const asked: readonly FactId[] = ['platform', 'packages', 'accounts', 'sysctl', 'kernel', 'nix-store', 'startup'];

const node: fc.Arbitrary<MemoryNode> = fc.oneof(
  fc
    .constantFrom('/etc', '/etc/static', '/run/current-system', '/nix/store', '..', 'self', '/dev/null', toplevel)
    .map((link) => ({ link })),
  fc.constantFrom(...paths).map((link) => ({ link })),
  fc.string({ maxLength: 40 }).map((text) => ({ text })),
  fc.constant({ directory: true }),
  fc.constant({ type: 'fifo' } as const),
  fc.constant({ error: new ImageError('corrupt', 'test/damaged', 'damaged') }),
);

describe('a damaged NixOS system', () => {
  it('ends in answers or an ImageError', () => {
    let answered = 0;
    const changes = fc.array(fc.tuple(fc.oneof(fc.constantFrom(...near), fc.constantFrom(...paths)), node), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(changes, (list) => {
        const copy = { ...tree };
        for (const [path, value] of list) {
          // What was below a path is gone once it is no directory.
          for (const other of Object.keys(copy)) if (other.startsWith(`${path}/`)) delete copy[other];
          copy[path] = value;
        }
        try {
          const facts = factsOf(copy);
          for (const fact of asked) facts.get(fact);
          facts.get('unit', 'k3s.service');
          facts.get('binary', '/run/current-system/sw/bin/k3s');
          answered++;
        } catch (thrown) {
          asImageError(thrown);
        }
      }),
      { seed: 20260126, numRuns: 150 },
    );
    expect(answered).toBeGreaterThan(50);
  });
});
