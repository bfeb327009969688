/**
 * The unit rules on what Debian ships: on the built nodes they say what the image's own systemd-analyze verify says of its units, which
 * is little, of units that nothing starts. Needs root for chroot(8), as building the images does.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { builtImage, checkImage } from './check-image.ts';

interface Reported {
  readonly status: string;
  readonly severity: string;
  readonly message?: string;
}

function lint(image: string): readonly Reported[] {
  const { stdout, stderr } = checkImage('--lint', '--only', 'unit/*', '--format', 'json', builtImage(image));
  if (stdout === '') throw new Error(stderr);
  const report = JSON.parse(stdout) as { images: { results: Reported[] }[] };
  return report.images
    .flatMap(({ results }) => results)
    .filter(({ status }) => status === 'fail' || status === 'unknown');
}

/** Lines of `systemd-analyze verify` over all units that are no templates; masks are decisions. */
function analyze(tree: string): readonly string[] {
  const names = readdirSync(join(tree, 'usr/lib/systemd/system'));
  const units = names.filter(
    (name) => /\.(?:service|socket|timer|path|mount|target|slice|swap|automount)$/.test(name) && !name.includes('@.'),
  );
  const { stderr } = spawnSync('chroot', [tree, 'systemd-analyze', 'verify', '--man=no', '--generators=no', ...units], {
    encoding: 'utf8',
  });
  return stderr.split('\n').filter((line) => line !== '' && !/ is masked\.$/.test(line));
}

it('says of the server what its own systemd says, as notes', () => {
  const said = lint('k3s-server.rootfs');
  expect(said.map(({ severity }) => severity)).toEqual(said.map(() => 'info'));
  const expected = analyze(builtImage('k3s-server.rootfs')).map((line) =>
    line
      .replace(/^(\S+): Command (\S+) is not executable: .*$/, '$1: ExecStart= runs $2, which is not in the image')
      .replace(/^(\S+): service (\S+) not loaded, .*$/, '$1 starts $2, which does not exist'),
  );
  const messages = said.map(({ message }) => message).filter((message) => !message?.includes('@.'));
  expect([...messages].sort()).toEqual([...expected].sort());
});

it.each(['k3s-agent.wic', 'k3s-server-vlans.ext4', 'k3s-server-bonding.ext4'])('%s: notes only', (image) => {
  expect(lint(image).filter(({ severity }) => severity !== 'info')).toEqual([]);
});
