import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { checkImage } from './command-line.ts';

describe('what was meant', () => {
  it.each([
    [['inspct', 'node.wic'], 'there is no command and no image inspct; did you mean check-image inspect?'],
    [['merg', 'a.json'], 'did you mean check-image merge?'],
    [['contract', 'shw'], 'there is no command shw; did you mean show?\n'],
    [['inspect', '--jsn', 'x'], 'unknown option --jsn; did you mean --json?\n'],
    [['--only', 'K3S-SVC-0', 'x'], 'did you mean K3S-SVC-01?'],
    [['--set', 'rle=server', 'x'], 'did you mean role?'],
    [['--contract', 'k3', 'x'], 'did you mean k3s?'],
    [['--format', 'jsn', 'x'], 'did you mean json?'],
    [['--limit', 'nestin=3', 'x'], 'did you mean nesting?'],
    [['explain', 'K3S-SVC-99'], 'did you mean K3S-SVC-09?'],
    [['inspect', '--fact', 'platfrm', 'x'], 'did you mean platform?'],
  ])('%j', async (argv, hint) => {
    const { code, out, err } = await checkImage(...argv);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(hint);
  });

  it('is a file beside one that is missing', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'check-image-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    writeFileSync(join(folder, 'node.wic.zst'), '');
    const { code, err } = await checkImage(join(folder, 'node.wic'));
    expect(code).toBe(3);
    expect(err).not.toContain('did you mean');
    expect((await checkImage(join(folder, 'node.wic.zsd'))).err).toContain(`did you mean ${folder}/node.wic.zst?`);
    expect((await checkImage(join(folder, 'none/x.wic'))).code).toBe(3);
    symlinkSync('gone.wic', join(folder, 'latest.wic'));
    expect((await checkImage(join(folder, 'latest.wic'))).err).toContain('latest.wic is a link to gone.wic\n');
    expect((await checkImage('')).err).toContain('the name given is empty');
  });
});
