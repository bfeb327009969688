/** Leases that a DHCP client got while the image was built or tried out. */
import { at } from '../../verdict.ts';
import type { LintRule } from '../lint-rule.ts';

/** Directories of dhclient, dhcpcd, NetworkManager and ifupdown's udhcpc, with the names of leases. */
const places: readonly (readonly [folder: string, name: RegExp])[] = [
  ['/var/lib/dhcp', /^dhclient.*\.leases?$/],
  ['/var/lib/dhclient', /\.leases?$/],
  ['/var/lib/dhcpcd', /\.lease6?$/],
  ['/var/lib/NetworkManager', /\.lease$/],
];

export const dhcpLeases: LintRule = {
  id: 'identity/dhcp-leases',
  title: 'the image has no DHCP leases',
  many: '{count} DHCP leases are in the image',
  why: 'The client asks for the address of the build machine again, and shows it to the network.',
  fix: 'Remove the leases at the end of the image build, or do not start the image before it is shipped.',
  references: ['dhclient.leases(5)'],
  severity: 'should',
  profiles: ['default', 'reproducible'],
  cost: 'cheap',
  needs: ['directory', 'file'],
  standsAlone: true,
  messages: { lease: '{path} is a DHCP lease' },
  examples: [
    {
      name: 'an image that was started once',
      tree: { '/var/lib/dhcp/dhclient.eth0.leases': 'lease {\n}\n', '/var/lib/dhcp/dhclient.leases': '' },
      findings: [['/var/lib/dhcp/dhclient.eth0.leases', '/var/lib/dhcp/dhclient.eth0.leases is a DHCP lease']],
    },
    { name: 'the directory alone', tree: { '/var/lib/dhcp': { directory: true } }, findings: [] },
  ],
  *run(facts) {
    for (const [folder, lease] of places) {
      for (const { name, location } of facts.get('directory', folder).entries) {
        const path = `${folder}/${name}`;
        if (!lease.test(name) || (facts.get('file', path).stat?.size ?? 0) === 0) continue;
        yield { subject: { kind: 'path', name: path }, message: 'lease', data: { path }, evidence: [at(location)] };
      }
    }
  },
};
