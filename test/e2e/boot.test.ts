/** The boot chain of the built disks: whole on the clean ones, broken at the one link where a mutant breaks it. */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { bootMutants } from './boot-mutants.ts';
import { builtImage, checkImage, judge, verdictLines } from './check-image.ts';
import { Esp } from './esp.ts';
import { MutantDisk } from './mutant-disk.ts';

/** The root partition of the built disks starts behind the first MiB and the ESP. */
const rootOffset = 257 * 1024 * 1024;
const contracts = ['k3s', 'boot'] as const;

describe('a clean disk', () => {
  it.each(['k3s-server.wic', 'k3s-agent.wic', 'k3s-server.wic.zst'])('%s has a whole chain', (name) => {
    const { code, stdout } = checkImage('boot', builtImage(name));
    expect(stdout).toMatch(/\nno link is broken\n$/);
    expect(code).toBe(0);
  });

  it('has the kernel that file(1) sees', () => {
    const { stdout } = checkImage('boot', builtImage('k3s-server.wic'));
    const release = /([\w.+-]+), bzImage/.exec(stdout)?.[1] ?? '';
    const { stdout: seen } = spawnSync('file', ['-L', builtImage(`k3s-server.rootfs/boot/vmlinuz-${release}`)]);
    expect(seen.toString()).toContain(`version ${release} `);
  });

  it('has the modules in its initrd that lsinitramfs sees', () => {
    const rootfs = builtImage('k3s-server.rootfs');
    const [name = ''] = readdirSync(`${rootfs}/boot`).filter((each) => each.startsWith('initrd.img-'));
    const { stdout: list } = spawnSync('chroot', [rootfs, 'lsinitramfs', `/boot/${name}`], {
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    });
    const seen = list
      .split('\n')
      .flatMap((path) => /([^/]+)\.ko(?:\.\w+)?$/.exec(path)?.[1]?.replaceAll('-', '_') ?? []);
    expect(seen.length).toBeGreaterThan(100);
    const { stdout } = checkImage('inspect', '--fact', 'initrd', builtImage('k3s-server.wic'));
    const { value } = JSON.parse(stdout) as { value: { kernels: { modules: string[] }[] } };
    expect(value.kernels[0]?.modules).toEqual([...new Set(seen)].sort());
  });
});

describe('a disk with one defect', () => {
  const disk = new MutantDisk(builtImage('k3s-server.wic'), rootOffset);
  const esp = new Esp(disk.path, '1M');
  afterAll(() => {
    esp.close();
    disk.close();
  });
  const verdicts = (contract: string): string[] => verdictLines(judge(disk.path, '--contract', contract).checks);
  const clean = new Map(contracts.map((contract) => [contract, new Set(verdicts(contract))]));

  it.each(bootMutants)('$name', ({ esp: espChanges = [], root = [], ...finds }) => {
    const found = disk.with(root, () => esp.with(espChanges, () => contracts.map(verdicts)));
    for (const [index, contract] of contracts.entries()) {
      // What rests on a link that is broken is not judged: a skip, which is no finding.
      const changed = (found[index] ?? []).filter((line) => !clean.get(contract)?.has(line) && !line.endsWith(' skip'));
      expect(changed.sort(), contract).toEqual([...finds[contract]].sort());
    }
  });

  it('is the clean disk again afterwards', () => {
    for (const contract of contracts) expect(new Set(verdicts(contract))).toEqual(clean.get(contract));
  });
});
