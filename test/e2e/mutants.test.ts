/** One defect at a time in the clean disks: exactly the expected finding, at its path and line, and nothing else changes. */
import { afterAll, describe, expect, it } from 'vitest';
import { agentMutants } from './agent-mutants.ts';
import { bootMutants } from './boot-mutants.ts';
import { builtImage, judge, type ReportedCheck, verdictLines } from './check-image.ts';
import { MutantDisk } from './mutant-disk.ts';
import { n3xAgentMutants, n3xBondingMutants, n3xServerMutants } from './n3x-mutants.ts';
import { networkMutants } from './network-mutants.ts';
import { type Mutant, serverMutants } from './server-mutants.ts';

/** The root partition of the built disks starts behind the first MiB and the ESP. */
const rootOffset = 257 * 1024 * 1024;

function suite(image: string, mutants: readonly Mutant[], offset = rootOffset): void {
  describe(image, () => {
    const disk = new MutantDisk(builtImage(image), offset);
    afterAll(() => disk.close());
    const clean = new Map<string, ReturnType<typeof judge>>();

    it.each(mutants)('$name', ({ changes, finds, options = [] }) => {
      const key = options.join(' ');
      const before = clean.get(key) ?? judge(disk.path, ...options);
      clean.set(key, before);
      const after = disk.with(changes, () => judge(disk.path, ...options));
      // What rests on a check that failed is not judged: a skip, which is no finding.
      const same = new Set(verdictLines(before.checks));
      const changed = verdictLines(after.checks).filter((line) => !same.has(line) && !line.endsWith(' skip'));
      expect(changed.sort()).toEqual(finds.map(({ verdict }) => verdict).sort());
      for (const { verdict, at } of finds) {
        if (at !== undefined) expect(placesOf(after.checks.get(verdict.split(' ')[0] ?? ''))).toContain(at);
      }
      expect(after.code).toBe(finds.some(({ verdict }) => verdict.endsWith('fail/must')) ? 1 : 0);
    });
  });
}

/** The first place of each finding, `path` and `path:line`, as the report names it on the root partition. */
function placesOf(check: ReportedCheck | undefined): string[] {
  return (check?.evidence ?? []).flatMap(({ location: { source, path, line } }) => {
    expect(source).toBe('mutant.wic!p2');
    return line === undefined ? [`${path}`] : [`${path}`, `${path}:${line}`];
  });
}

suite('k3s-server.wic', [...serverMutants, ...networkMutants]);
suite('k3s-agent.wic', agentMutants);
suite('k3s-server.wic', n3xServerMutants);
suite('k3s-agent.wic', n3xAgentMutants);
suite('k3s-server-bonding.ext4', n3xBondingMutants, 0);

it('every check that the contract judges has a defect that shows it', () => {
  const { checks } = judge(builtImage('k3s-server.wic'));
  const { checks: agentChecks } = judge(builtImage('k3s-agent.wic'));
  const judged = [...checks.values(), ...agentChecks.values()]
    .filter(({ status }) => status === 'pass')
    .map(({ id }) => id);
  const shown = new Set(
    [
      ...[...serverMutants, ...networkMutants, ...agentMutants, ...n3xServerMutants].flatMap(({ finds }) =>
        finds.map(({ verdict }) => verdict),
      ),
      ...bootMutants.flatMap(({ k3s }) => k3s),
    ].map((verdict) => verdict.split(' ')[0]),
  );
  expect([...new Set(judged)].filter((id) => !shown.has(id)).sort()).toEqual([]);
});
