/** The built server and agent as one cluster: whole as they are, and with one defect in the agent exactly one finding between them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { builtImage, checkImage, type ReportedCheck } from './check-image.ts';
import { agentClusterMutants } from './cluster-mutants.ts';
import { type Change, MutantDisk } from './mutant-disk.ts';

/** The root partition of the built disks starts behind the first MiB and the ESP. */
const rootOffset = 257 * 1024 * 1024;
const server = builtImage('k3s-server.wic');

interface Report {
  readonly images: readonly { readonly results: readonly ReportedCheck[] }[];
  readonly clusters?: readonly {
    readonly nodes: readonly { readonly image: string; readonly role: string; readonly name: string }[];
    readonly results: readonly ReportedCheck[];
  }[];
}

/** Exit code, clusters, and what was found inside the images themselves. */
function judge(...args: readonly string[]) {
  const { code, stdout, stderr } = checkImage(...args, '--format', 'json');
  if (stdout === '') throw new Error(stderr);
  const { images, clusters = [] } = JSON.parse(stdout) as Report;
  const failed = (results: readonly ReportedCheck[]) => results.filter(({ status }) => status === 'fail');
  return { code, clusters, found: clusters.flatMap(({ results }) => failed(results)), stdout, images };
}

describe('the built images', () => {
  it('server and agent are one cluster, and whole', () => {
    const { code, clusters, found } = judge(server, builtImage('k3s-agent.wic'));
    expect(clusters.map(({ nodes }) => nodes)).toEqual([
      [
        { image: 'k3s-server.wic', role: 'server', name: 'server-1' },
        { image: 'k3s-agent.wic', role: 'agent', name: 'agent-1' },
      ],
    ]);
    expect([code, found]).toEqual([0, []]);
  });

  it('one disk in several shapes, and its variants, are no cluster', () => {
    const shapes = ['wic', 'ext4', 'tar'].map((shape) => builtImage(`k3s-server.${shape}`));
    const variants = ['vlans', 'bonding', 'arm64'].map((name) => builtImage(`k3s-server-${name}.ext4`));
    expect(judge(...shapes, ...variants).clusters).toEqual([]);
  });

  it('can be left uncompared, or be said to be one cluster', () => {
    expect(judge(server, builtImage('k3s-agent.wic'), '--no-cluster').clusters).toEqual([]);
    const { found, code } = judge(server, builtImage('k3s-server-vlans.ext4'), '--cluster');
    expect(found.map(({ id }) => id)).toEqual(['K3S-CLU-01', 'K3S-CLU-08']);
    expect(code).toBe(1);
  });

  it('are one cluster too when their reports are merged', () => {
    const folder = mkdtempSync(join(tmpdir(), 'check-image-cluster-'));
    const files = [server, builtImage('k3s-agent.wic')].map((image, index) => {
      const file = join(folder, `${index}.json`);
      checkImage(image, '--output', `json=${file}`, '--quiet');
      return file;
    });
    const merged = judge('merge', ...files);
    rmSync(folder, { recursive: true });
    expect(merged.clusters).toEqual(judge(server, builtImage('k3s-agent.wic')).clusters);
  });
});

describe('an agent with one defect', () => {
  const disk = new MutantDisk(builtImage('k3s-agent.wic'), rootOffset);
  afterAll(() => disk.close());

  it.each(agentClusterMutants)('$name', ({ finding, changes }) => {
    const { found, code } = disk.with(changes, () => judge(server, disk.path));
    expect(found.map(({ id, severity }) => `${id} ${severity}`)).toEqual([finding]);
    const places = found.flatMap(({ evidence = [] }) => evidence.map(({ location }) => location.source));
    expect(new Set(places)).toEqual(new Set(['k3s-server.wic!p2', 'mutant.wic!p2']));
    if (finding.endsWith('must')) expect(code).toBe(1);
  });
});

describe('a second server with one defect', () => {
  const disk = new MutantDisk(server, rootOffset);
  afterAll(() => disk.close());
  const config = '/etc/rancher/k3s/config.yaml';
  const joining = 'server: https://192.168.1.1:6443\n';
  const own: readonly Change[] = [
    { write: '/etc/hostname', text: 'server-2\n' },
    { replace: '/etc/systemd/network/20-eth1.network', from: '192.168.1.1', by: '192.168.1.2' },
    { replace: '/etc/default/k3s-server', from: '192.168.1.1', by: '192.168.1.2' },
  ];

  it.each<readonly [string, readonly string[], readonly Change[]]>([
    ['none', [], [{ write: config, text: joining }]],
    ['it joins nobody', ['K3S-CLU-08 must'], []],
    ['other pods', ['K3S-CLU-06 must'], [{ write: config, text: `${joining}cluster-cidr: 10.52.0.0/16\n` }]],
    [
      'the machine id of the first',
      ['K3S-CLU-03 must'],
      [
        { write: config, text: joining },
        { write: '/etc/machine-id', text: `${'5'.repeat(32)}\n` },
      ],
    ],
  ])('%s', (_name, findings, changes) => {
    const first = new MutantDisk(server, rootOffset);
    try {
      const id: readonly Change[] = [{ write: '/etc/machine-id', text: `${'5'.repeat(32)}\n` }];
      const both = () => disk.with([...own, ...changes], () => judge(first.path, disk.path));
      const { found } = findings.includes('K3S-CLU-03 must') ? first.with(id, both) : both();
      expect(found.map(({ id: name, severity }) => `${name} ${severity}`)).toEqual(findings);
    } finally {
      first.close();
    }
  });
});
