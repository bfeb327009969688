import { describe, expect, it } from 'vitest';
import { ImageError } from '../../../src/errors.ts';
import { decidePort } from '../../../src/facts/firewall/decide-port.ts';
import type { MemoryTree } from '../../../src/filesystems/memory.ts';
import { started } from '../network/nodes.ts';
import { ask, parseQuestion, readFirewall, root } from './decide.ts';

const file = '/etc/iptables/rules.v4';
const saved = (text: string): MemoryTree => ({ ...root, ...started('netfilter-persistent.service'), [file]: text });
/** Rules begin at line 5. */
const dropping = (rules: string) =>
  saved(`*filter\n:INPUT DROP [0:0]\n:FORWARD ACCEPT [0:0]\n:K3S - [0:0]\n${rules}\nCOMMIT\n`);

describe('iptables-save', () => {
  it.each([
    ['-A INPUT -p tcp -m tcp --dport 6443 -j ACCEPT', '6443/tcp', 'open :5'],
    ['-A INPUT -p tcp -m tcp --dport 30000:32767 -j ACCEPT', '30000-32767/tcp', 'open :5'],
    ['-A INPUT -p udp -m multiport --dports 8472,51820 -j ACCEPT', '51820/udp', 'open :5'],
    ['-A INPUT -i eth1 -j ACCEPT', '6443/tcp', 'conditional :5'],
    ['-A INPUT -i eth+ -j ACCEPT', '6443/tcp on eth1', 'open :5'],
    ['-A INPUT ! -i eth0 -j ACCEPT', '6443/tcp on eth1', 'open :5'],
    ['-A INPUT -i lo -j ACCEPT', '6443/tcp', 'closed :2'],
    ['-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT', '6443/tcp', 'closed :2'],
    ['-A INPUT -m state --state NEW -p tcp --dport 6443 -j ACCEPT', '6443/tcp', 'open :5'],
    ['-A INPUT -s 10.0.0.0/8 -p tcp --dport 6443 -j ACCEPT', '6443/tcp', 'conditional :5'],
    ['-A INPUT -s 0.0.0.0/0 -p tcp --dport 6443 -j ACCEPT', '6443/tcp', 'open :5'],
    ['-A INPUT -p tcp --dport 6443 -m comment --comment "the api, all" -j ACCEPT', '6443/tcp', 'open :5'],
    ['-A INPUT -p tcp --dport 6443 -m limit --limit 5/min -j ACCEPT', '6443/tcp', 'conditional :5'],
    ['-A INPUT -p tcp --dport 6443 -m set --match-set nodes src -j ACCEPT', '6443/tcp', 'conditional :5'],
    ['-A INPUT -p tcp ! --syn -j ACCEPT', '6443/tcp', 'closed :2'],
    ['-A INPUT -p tcp --tcp-flags FIN,SYN,RST,ACK SYN -j ACCEPT', '6443/tcp', 'open :5'],
    ['-A INPUT -p tcp --dport 6443 -j REJECT --reject-with tcp-reset\n-A INPUT -j ACCEPT', '6443/tcp', 'closed :5'],
    ['-A INPUT -j K3S\n-A K3S -p tcp --dport 6443 -j ACCEPT', '6443/tcp', 'open :6'],
    ['-A INPUT -j K3S\n-A K3S -p tcp -j RETURN\n-A K3S -j ACCEPT', '6443/tcp', 'closed :2'],
    ['-A INPUT -p icmp -m icmp --icmp-type 8 -j ACCEPT', '6443/tcp', 'closed :2'],
    ['-A INPUT -m addrtype --dst-type LOCAL -j ACCEPT', '6443/tcp', 'open :5'],
    ['-A INPUT -j LOG --log-prefix "in: " --log-level 4\n-A INPUT -j ACCEPT', '6443/tcp', 'open :6'],
    ['-A INPUT -p tcp --dport 6443 -m novelty --thing 3 -j ACCEPT', '6443/tcp', 'unknown :5'],
    ['-A INPUT -j NOWHERE', '6443/tcp', 'unknown :5'],
    ['-I INPUT -j ACCEPT', '6443/tcp', 'open :5'],
  ])('%s: %s is %s', async (rules, question, wanted) => {
    expect(await ask(dropping(rules), question)).toBe(wanted.replace(':', `${file}:`));
  });

  it('a drop in mangle or raw is a drop', async () => {
    const text = '*raw\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -p tcp --dport 6443 -j DROP\nCOMMIT\n';
    expect(await ask(saved(text), '6443/tcp')).toBe(`closed ${file}:3`);
  });

  it.each([
    ['a line outside of a table', '-A INPUT -j ACCEPT\n', ':1'],
    ['a quote that does not end', '*filter\n-A INPUT -m comment --comment "x -j ACCEPT\nCOMMIT\n', ':2'],
    ['a word that is no command', '*filter\nACCEPT all\nCOMMIT\n', ':2'],
    ['no COMMIT', '*filter\n-A INPUT -j DROP\n', ''],
    ['a rule in a chain that is not there', '*filter\n-A MINE -j DROP\nCOMMIT\n', ':2'],
  ])('%s: unknown, with the line', async (_, text, line) => {
    expect(await ask(saved(text), '6443/tcp')).toBe(`unknown ${file}${line}`);
  });

  it('does not count while its unit does not start', async () => {
    const tree = { ...root, [file]: '*filter\n:INPUT DROP [0:0]\nCOMMIT\n' };
    expect(await ask(tree, '6443/tcp')).toBe('open');
    expect((await readFirewall(tree)).value.idle).toMatchObject([
      { kind: 'iptables', because: 'netfilter-persistent.service does not start' },
    ]);
  });
});

describe('firewall-start of NixOS', () => {
  const script = '/nix/store/abc-firewall-start/bin/firewall-start';
  const unit = '[Unit]\nDescription=Firewall\n[Service]\nType=oneshot\n';
  const nixos = (rules: string): MemoryTree => ({
    ...root,
    ...started('firewall.service'),
    '/usr/lib/systemd/system/firewall.service': `${unit}ExecStart=@${script} firewall-start\n`,
    [script]:
      `#!/nix/store/x-bash/bin/bash -e\n# Helper command to manipulate both the IPv4 and IPv6 tables.\nip46tables() {\n  iptables -w "$@"\n  ip6tables -w "$@"\n}\n` +
      'ip46tables -D INPUT -j nixos-fw 2> /dev/null || true\nfor chain in nixos-fw nixos-fw-accept; do\n  ip46tables -F "$chain" 2> /dev/null || true\ndone\n' +
      'ip46tables -N nixos-fw-accept\nip46tables -A nixos-fw-accept -j ACCEPT\nip46tables -N nixos-fw-refuse\nip46tables -A nixos-fw-refuse -j DROP\n' +
      'ip46tables -N nixos-fw-log-refuse\nip46tables -A nixos-fw-log-refuse -p tcp --syn -j LOG --log-level info --log-prefix "refused connection: "\n' +
      'ip46tables -A nixos-fw-log-refuse -j nixos-fw-refuse\nip46tables -N nixos-fw\n' +
      'ip46tables -t mangle -N nixos-fw-rpfilter 2> /dev/null || true\nip46tables -t mangle -A nixos-fw-rpfilter -m rpfilter --validmark -j RETURN\n' +
      'ip46tables -t mangle -A nixos-fw-rpfilter -j DROP\nip46tables -t mangle -A PREROUTING -j nixos-fw-rpfilter\n' +
      'ip46tables -A nixos-fw -i lo -j nixos-fw-accept\nip46tables -A nixos-fw -m conntrack --ctstate ESTABLISHED,RELATED -j nixos-fw-accept\n' +
      `${rules}\nip46tables -A nixos-fw -j nixos-fw-log-refuse\nip46tables -A INPUT -j nixos-fw\n`,
  });

  it.each([
    ['ip46tables -A nixos-fw -p tcp --dport 6443 -j nixos-fw-accept', '6443/tcp', 'open'],
    ['ip46tables -A nixos-fw -p tcp --dport 30000:32767 -j nixos-fw-accept', '30000-32767/tcp', 'open'],
    ['ip46tables -A nixos-fw -p tcp --dport 22 -j nixos-fw-accept', '6443/tcp', 'closed'],
    ['ip46tables -A nixos-fw -i cni0 -j nixos-fw-accept', '6443/tcp', 'closed'],
    ['ip46tables -A nixos-fw -p tcp --dport 6443 -j nixos-fw-accept -i eth1', '6443/tcp', 'conditional'],
    ['iptables -A nixos-fw -p udp --dport 8472 -j ACCEPT', '8472/udp', 'open'],
    ['if [ -e /x ]; then\n  ip46tables -A nixos-fw -p tcp --dport 6443 -j ACCEPT\nfi', '6443/tcp', 'unknown'],
  ])('%s: %s is %s', async (rules, question, state) => {
    expect((await ask(nixos(rules), question)).split(' ')[0]).toBe(state);
  });
});

describe('IPv6', () => {
  const saved = (path: string, port: number): MemoryTree => ({
    [path]: `*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp --dport ${port} -j ACCEPT\nCOMMIT\n`,
  });
  const tree: MemoryTree = {
    ...root,
    ...started('netfilter-persistent.service'),
    ...saved('/etc/iptables/rules.v4', 6443),
    ...saved('/etc/iptables/rules.v6', 22),
  };
  const script = [
    'ip46tables() {',
    '  iptables -w "$@"',
    '  ip6tables -w "$@"',
    '}',
    'ip46tables -N fw',
    'iptables -A fw -p tcp --dport 6443 -j ACCEPT',
    'ip6tables -A fw -p tcp --dport 22 -j ACCEPT',
    'ip46tables -A fw -j DROP',
    'ip46tables -A INPUT -j fw',
  ].join('\n');
  const start = '/nix/store/00000000000000000000000000000000-firewall-start/bin/firewall-start';
  const scripted: MemoryTree = {
    ...root,
    ...started('firewall.service'),
    '/usr/lib/systemd/system/firewall.service': `[Unit]\nDescription=x\n[Service]\nExecStart=@${start} firewall-start\n`,
    [start]: script,
  };

  it.each([
    [tree, '6443/tcp', 'open /etc/iptables/rules.v4:3'],
    [tree, '6443/tcp over IPv6', 'closed /etc/iptables/rules.v6:2'],
    [tree, '22/tcp over IPv6', 'open /etc/iptables/rules.v6:3'],
    [tree, '22/tcp', 'closed /etc/iptables/rules.v4:2'],
    [scripted, '22/tcp over IPv6', `open ${start}:7`],
    [scripted, '6443/tcp over IPv6', `closed ${start}:8`],
    [scripted, '6443/tcp', `open ${start}:6`],
  ])('is filtered by its own rules: %#', async (files, question, wanted) => {
    expect(await ask(files, question)).toBe(wanted);
  });

  it('that cannot be read leaves IPv4 decided', async () => {
    const damage = new ImageError('corrupt', 'ext/bad-extent', 'an extent is damaged');
    const { value, gaps } = await readFirewall({ ...tree, '/etc/iptables/rules.v6': { error: damage } });
    expect(gaps).toMatchObject([{ keys: ['ip6'], cause: { code: 'ext/bad-extent' } }]);
    expect(decidePort(value, parseQuestion('6443/tcp')).state).toBe('open');
  });
});
