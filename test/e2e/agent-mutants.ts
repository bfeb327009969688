/** Defects only an agent can have. */
import type { Mutant } from './server-mutants.ts';

const defaults = '/etc/default/k3s-agent';
const unit = '/usr/lib/systemd/system/k3s-agent.service';

export const agentMutants: readonly Mutant[] = [
  {
    name: 'unit is not a unit',
    changes: [{ write: unit, text: '[Service\n' }],
    finds: [{ verdict: 'K3S-SVC-02 fail/must', at: `${unit}:1` }],
  },
  {
    name: 'environment file too open',
    changes: [{ chmod: defaults, mode: 0o666 }],
    finds: [{ verdict: 'K3S-CFG-05 fail/must', at: defaults }],
  },
  {
    name: 'no server to join',
    changes: [{ replace: defaults, from: 'K3S_URL=https://192.168.1.1:6443\n', by: '' }],
    finds: [{ verdict: 'K3S-TOK-06 fail/must' }],
  },
  {
    name: 'no token to join with',
    changes: [{ replace: defaults, from: 'K3S_TOKEN_FILE=/etc/rancher/k3s/agent-token\n', by: '' }],
    finds: [{ verdict: 'K3S-TOK-07 fail/must' }],
  },
];
