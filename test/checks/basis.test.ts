/** What a verdict rests on: files that are in the image, what activation makes of them, what boot makes. */
import { describe, expect, it } from 'vitest';
import k3s from '../../src/checks/contracts/k3s.yaml';
import { evaluate } from '../../src/checks/evaluate.ts';
import { FactStore } from '../../src/facts/fact-store.ts';
import { MemoryFileSystem } from '../../src/filesystems/memory.ts';
import { defaultLimits } from '../../src/limits.ts';
import { openImage } from '../../src/root/open-image.ts';
import { RootView } from '../../src/root/root-view.ts';
import { fixture, openFacts } from '../root/nixos/system-image.ts';

async function basesOf(name: string): Promise<Record<string, string | undefined>> {
  const image = await openImage(fixture(name), { limits: defaultLimits });
  const { results } = await evaluate(k3s, openFacts(image), { set: new Map() });
  image.close();
  return Object.fromEntries(results.map(({ id, basis }) => [id, basis]));
}

describe('what a verdict rests on', () => {
  it('is derived before activation ran', async () => {
    expect(await basesOf('installed.ext4.zst')).toMatchObject({
      'K3S-NIX-01': 'present',
      'K3S-BIN-01': 'derived',
      'K3S-SVC-06': 'derived',
      'K3S-SYS-01': 'derived',
      'K3S-TOK-01': 'unknown',
      'K3S-VT-04': undefined,
    });
  });

  it('is present where activation left it', async () => {
    expect(await basesOf('disk.img.zst')).toMatchObject({
      'K3S-NIX-01': 'present',
      'K3S-BIN-01': 'derived',
      'K3S-SVC-06': 'present',
      'K3S-SYS-01': 'present',
    });
  });

  it('is declared for what boot makes', async () => {
    const image = await openImage(fixture('tarball.tar.xz'), { limits: defaultLimits });
    const facts = openFacts(image);
    expect(facts.get('file', '/run/wrappers/bin/mount').value.standing).toBe('declared');
    expect(facts.standingOf('file', '/run/wrappers/bin/mount')).toBe('declared');
    expect(facts.standingOf('file', '/etc')).toBeUndefined();
    image.close();
  });
});

describe('a view that is observed', () => {
  const at = (standing: 'present' | 'derived' | 'declared') => ({
    path: standing === 'present' ? '/' : `/${standing}`,
    fileSystem: new MemoryFileSystem({
      '/file': 'x',
      '/derived': { directory: true },
      '/declared': { directory: true },
    }),
    standing,
  });
  const view = new RootView([at('present'), at('derived'), at('declared')], defaultLimits);

  it('says the least sure of its answers', () => {
    const read = (...paths: string[]) => view.observe(() => paths.map((path) => view.exists(path))).standing;
    expect(read('/file')).toBe('present');
    expect(read('/file', '/derived/file', '/file')).toBe('derived');
    expect(read('/declared/file', '/derived/file')).toBe('declared');
    expect(read('/declared/nothing')).toBe('present');
  });

  it('counts what was observed inside', () => {
    const inner = () => view.observe(() => view.readText('/derived/file'));
    expect(view.observe(inner)).toMatchObject({ value: { value: 'x', standing: 'derived' }, standing: 'derived' });
    expect(view.observe(() => view.readText('/file')).standing).toBe('present');
  });

  it('is as sure of a fact read before as of a new one', () => {
    const facts = new FactStore(view, { label: 'view', sideFiles: [] });
    facts.get('file', '/derived/file');
    expect(view.observe(() => facts.get('file', '/derived/file')).standing).toBe('derived');
    expect(facts.standingOf('file', '/derived/file')).toBe('derived');
  });
});
