/** Lint on real images: nothing on clean ones, exactly what was planted on others. The oracle for planting is debugfs. */
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { builtImage, checkImage } from './check-image.ts';
import { lintMutants } from './lint-mutants.ts';
import { MutantDisk } from './mutant-disk.ts';

interface Found {
  readonly id: string;
  readonly origin?: string;
  readonly subject?: { readonly name: string };
  readonly status: string;
  readonly severity: string;
  readonly message?: string;
}

/** What lint finds, graver than info; what it cannot tell is a finding too. */
function lint(image: string, ...options: readonly string[]): readonly string[] {
  const { stdout, stderr } = checkImage(image, '--skip', 'K3S-*', '--format', 'json', ...options);
  if (stdout === '') throw new Error(stderr);
  const [judged] = (JSON.parse(stdout) as { images: { results: Found[] }[] }).images;
  const results = (judged?.results ?? []).filter(({ origin }) => origin === 'lint');
  expect(results.length).toBeGreaterThan(10);
  return results
    .filter(({ status, severity }) => (status === 'fail' && severity !== 'info') || status === 'unknown')
    .map(({ id, subject, status, message }) => `${id} ${status === 'fail' ? subject?.name : message}`)
    .sort();
}

const fixtures = resolve(import.meta.dirname, '../fixtures/nixos');

describe('the whole default profile finds nothing on', () => {
  it.each([
    ...['k3s-server.wic', 'k3s-agent.wic', 'k3s-server-vlans.ext4', 'k3s-server-bonding.ext4', 'k3s-server.tar'],
    ...['k3s-server.rootfs'],
  ])('%s', (name) => {
    expect(lint(builtImage(name), '--lint', '--deep')).toEqual([]);
  });

  it.each(['installed.ext4.zst', 'disk.img.zst', 'sd-card.img.zst', 'tarball.tar.xz', 'nix-store.squashfs'])(
    '%s',
    (name) => {
      expect(lint(join(fixtures, name), '--lint', '--deep')).toEqual([]);
    },
  );
});

describe('all profiles find what is planted, and nothing else:', () => {
  const profiles = '--lint=default,hardening,reproducible';
  const disk = new MutantDisk(builtImage('k3s-server.ext4'), 0);
  afterAll(() => disk.close());
  const clean = new Map<string, readonly string[]>();

  it.each(lintMutants)('$name', ({ changes, finds, options = [] }) => {
    const key = options.join(' ');
    const before = clean.get(key) ?? lint(disk.path, profiles, ...options);
    clean.set(key, before);
    const after = disk.with(changes, () => lint(disk.path, profiles, ...options));
    expect(after.filter((one) => !before.includes(one))).toEqual(finds);
    expect(before.filter((one) => !after.includes(one))).toEqual([]);
  });
});
