import { describe, expect, it } from 'vitest';
import { judge } from '../judge.ts';
import { file, link, StubFacts } from '../stub-facts.ts';

const k3s = file('/usr/bin/k3s', { mode: 0o755 });
const claim = { path: '/usr/bin/kubectl', to: '/usr/bin/k3s' };
const judgeLink = (kubectl: ReturnType<typeof file>) =>
  judge('symlink', claim, new StubFacts({ file: { '/usr/bin/k3s': k3s, '/usr/bin/kubectl': kubectl } }));

describe('symlink', () => {
  it.each(['k3s', './k3s', '/usr/bin/k3s', '/bin/k3s', '../bin/k3s'])('%s reaches the target', async (target) => {
    expect(await judgeLink(link('/usr/bin/kubectl', target, '/usr/bin/k3s'))).toMatchObject({ status: 'pass' });
  });

  it('fails where the link leads elsewhere, with the link as it is stored', async () => {
    expect(await judgeLink(link('/usr/bin/kubectl', 'busybox', '/usr/bin/busybox'))).toMatchObject({
      status: 'fail',
      found: '/usr/bin/busybox',
      evidence: [{ role: 'links to', excerpt: 'busybox' }],
    });
  });

  it.each([
    ['a copy', {}, 'a file of its own'],
    ['a hard link', { identity: 'disk!p2#/usr/bin/k3s' }, 'a hard link of /usr/bin/k3s'],
  ])('warns of %s', async (_, more, found) => {
    expect(await judgeLink(file('/usr/bin/kubectl', {}, more))).toMatchObject({
      status: 'fail',
      severity: 'should',
      found,
    });
  });

  it('says that a link is broken', async () => {
    const broken = {
      ...link('/usr/bin/kubectl', 'gone', '/usr/bin/gone'),
      state: 'missing',
      reason: 'dangling',
    } as const;
    expect(await judgeLink(broken)).toMatchObject({
      status: 'fail',
      message: '/usr/bin/kubectl is a broken link: it leads to /usr/bin/gone, which is not there',
    });
  });

  it('cannot tell when the target cannot be read', async () => {
    const facts = new StubFacts({
      file: {
        '/usr/bin/k3s': { ...k3s, state: 'unreadable' },
        '/usr/bin/kubectl': link('/usr/bin/kubectl', 'k3s', '/usr/bin/k3s'),
      },
    });
    expect(await judge('symlink', claim, facts)).toMatchObject({ status: 'unknown' });
  });
});
