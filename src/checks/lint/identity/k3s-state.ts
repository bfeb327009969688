/** What a running k3s makes: its certificate authority, its database, node passwords, credentials. None of it belongs into an image. */
import { at } from '../../verdict.ts';
import type { LintRule } from '../lint-rule.ts';

/** Below the data directory; a directory counts if something is in it. */
const inDataDir = [
  ['server/db', 'the database of a cluster'],
  ['server/tls', 'the certificate authority of a cluster'],
  ['server/cred', 'credentials of a cluster'],
  ['server/node-token', 'the join token of a cluster'],
  ['server/agent-token', 'the join token of a cluster'],
  ['agent/client-kubelet.key', 'the key of a node'],
  ['agent/serving-kubelet.key', 'the key of a node'],
  ['agent/containerd', 'the state of a container runtime'],
] as const;

const elsewhere = [
  ['/etc/rancher/node/password', 'the password of a node'],
  ['/etc/rancher/k3s/k3s.yaml', 'credentials of a cluster'],
  ['/var/lib/kubelet/pki', 'keys of a node'],
  ['/var/lib/cni/networks', 'addresses given to pods'],
] as const;

export const k3sState: LintRule = {
  id: 'identity/k3s-state',
  title: 'the image holds no state of a k3s cluster',
  many: '{count} pieces of a k3s cluster are in the image',
  why: 'Nodes made from the image would share a certificate authority or an identity, refuse to join, or let in whoever has the image.',
  fix: 'Do not start k3s while the image is built; remove the data directory but for the images and the manifests.',
  references: ['k3s: cluster datastore', 'k3s: token'],
  severity: 'should',
  profiles: ['default', 'hardening', 'reproducible'],
  cost: 'cheap',
  needs: ['k3s', 'file', 'directory'],
  standsAlone: true,
  messages: { state: '{path} holds {what}' },
  examples: [
    {
      name: 'a server that ran once',
      tree: {
        '/usr/local/bin/k3s': { text: 'x', mode: 0o755 },
        '/var/lib/rancher/k3s/server/tls/server-ca.key': 'x',
        '/etc/rancher/k3s/k3s.yaml': 'apiVersion: v1\n',
      },
      findings: [
        [
          '/var/lib/rancher/k3s/server/tls',
          '/var/lib/rancher/k3s/server/tls holds the certificate authority of a cluster',
        ],
        ['/etc/rancher/k3s/k3s.yaml', '/etc/rancher/k3s/k3s.yaml holds credentials of a cluster'],
      ],
    },
    {
      name: 'images to be loaded, a token that was provisioned, empty directories',
      tree: {
        '/var/lib/rancher/k3s/agent/images/k3s.tar.zst': 'x',
        '/var/lib/rancher/k3s/server/token': 'x',
        '/var/lib/rancher/k3s/server/tls': { directory: true },
        '/etc/rancher/k3s/config.yaml': 'x: 1\n',
      },
      findings: [],
    },
  ],
  *run(facts) {
    const { dataDir = '/var/lib/rancher/k3s' } = facts.get('k3s', '', ['dataDir']);
    const places = [...inDataDir.map(([name, what]) => [`${dataDir}/${name}`, what] as const), ...elsewhere];
    for (const [path, what] of places) {
      const { stat, location } = facts.get('file', path);
      if (!stat) continue;
      const isEmpty = stat.type === 'directory' ? facts.get('directory', path).entries.length === 0 : stat.size === 0;
      if (isEmpty) continue;
      yield { subject: { kind: 'path', name: path }, message: 'state', data: { path, what }, evidence: [at(location)] };
    }
  },
};
