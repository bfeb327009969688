/** One defect each in the clean agent that only shows beside the clean server. */
import type { Change } from './mutant-disk.ts';

export interface ClusterMutant {
  readonly name: string;
  /** `id severity` of the one finding between the two. */
  readonly finding: string;
  readonly changes: readonly Change[];
}

const defaults = '/etc/default/k3s-agent';
const network = '/etc/systemd/network/20-eth1.network';

export const agentClusterMutants: readonly ClusterMutant[] = [
  {
    name: 'the name of the server',
    finding: 'K3S-CLU-01 should',
    changes: [{ write: '/etc/hostname', text: 'server-1\n' }],
  },
  {
    name: 'the address of the server',
    finding: 'K3S-CLU-02 must',
    changes: [
      { replace: network, from: '192.168.1.3', by: '192.168.1.1' },
      { replace: defaults, from: '192.168.1.3', by: '192.168.1.1' },
    ],
  },
  {
    name: 'another token',
    finding: 'K3S-CLU-04 must',
    changes: [{ write: '/etc/rancher/k3s/agent-token', text: 'a1b2c3d4e5f6a7b8\n', mode: 0o600 }],
  },
  {
    name: 'another patch release',
    finding: 'K3S-CLU-05 should',
    changes: [{ patch: '/usr/bin/k3s', from: 'v1.32.5+k3s1', by: 'v1.32.6+k3s1' }],
  },
  {
    name: 'an address that no server has',
    finding: 'K3S-CLU-09 must',
    changes: [{ replace: defaults, from: '//192.168.1.1:', by: '//192.168.1.9:' }],
  },
];
