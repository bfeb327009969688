import { describe, expect, it } from 'vitest';
import { ImageError } from '../../../src/errors.ts';
import type { MemoryTree } from '../../../src/filesystems/memory.ts';
import { started } from '../network/nodes.ts';
import { ask, nftables, readFirewall, root } from './decide.ts';

describe('ufw', () => {
  const before =
    '*filter\n:ufw-before-input - [0:0]\n:ufw-not-local - [0:0]\n-A ufw-before-input -i lo -j ACCEPT\n' +
    '-A ufw-before-input -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n-A ufw-before-input -m conntrack --ctstate INVALID -j DROP\n' +
    '-A ufw-before-input -j ufw-not-local\n-A ufw-not-local -m addrtype --dst-type LOCAL -j RETURN\n' +
    '-A ufw-not-local -m limit --limit 3/min --limit-burst 10 -j ufw-logging-deny\n-A ufw-not-local -j DROP\nCOMMIT\n';
  const ufw = (rules: string, more: MemoryTree = {}): MemoryTree => ({
    ...root,
    ...started('ufw.service'),
    '/etc/ufw/ufw.conf': 'ENABLED=yes\nLOGLEVEL=low\n',
    '/etc/default/ufw': 'IPV6=yes\nDEFAULT_INPUT_POLICY="DROP"\n',
    '/etc/ufw/before.rules': before,
    '/etc/ufw/user.rules': `*filter\n:ufw-user-input - [0:0]\n### RULES ###\n${rules}\nCOMMIT\n`,
    ...more,
  });

  it.each([
    ['-A ufw-user-input -p tcp --dport 6443 -j ACCEPT', '6443/tcp', 'open /etc/ufw/user.rules:4'],
    ['-A ufw-user-input -p tcp --dport 22 -j ACCEPT', '6443/tcp', 'closed /etc/default/ufw'],
    ['-A ufw-user-input -p tcp --dport 6443 -s 10.0.0.0/8 -j ACCEPT', '6443/tcp', 'conditional /etc/ufw/user.rules:4'],
  ])('%s: %s is %s', async (rules, question, wanted) => {
    expect(await ask(ufw(rules), question)).toBe(wanted);
  });

  const six = (rules: string, more: MemoryTree = {}): MemoryTree => ({
    '/etc/ufw/before6.rules': before
      .replaceAll('ufw-', 'ufw6-')
      .replace('-A ufw6', '-A ufw6-before-input -m rt --rt-type 0 -j DROP\n-A ufw6'),
    '/etc/ufw/user6.rules': `*filter\n:ufw6-user-input - [0:0]\n### RULES ###\n${rules}\nCOMMIT\n`,
    ...more,
  });
  const accept = (prefix: string, port: number): string => `-A ${prefix}-user-input -p tcp --dport ${port} -j ACCEPT`;

  it.each([
    ['6443/tcp', 'open /etc/ufw/user.rules:4', {}],
    ['6443/tcp over IPv6', 'closed /etc/default/ufw', {}],
    ['22/tcp', 'closed /etc/default/ufw', {}],
    ['22/tcp over IPv6', 'open /etc/ufw/user6.rules:4', {}],
    ['6443/tcp over IPv6', 'open', { '/etc/default/ufw': 'IPV6=no\n' }],
    ['6443/tcp', 'open /etc/ufw/user.rules:4', { '/etc/ufw/user6.rules': '*filter\n-A nowhere -j\nCOMMIT\n' }],
  ])('has rules of its own for IPv6: %s is %s', async (question, wanted, more) => {
    const tree = ufw(accept('ufw', 6443), six(accept('ufw6', 22), more as MemoryTree));
    expect(await ask(tree, question)).toBe(wanted);
  });

  it('open by default, or not switched on', async () => {
    expect(await ask(ufw('', { '/etc/default/ufw': 'DEFAULT_INPUT_POLICY="ACCEPT"\n' }), '1/tcp')).toMatch(/^open/);
    const off = ufw('', { '/etc/ufw/ufw.conf': 'ENABLED=no\n' });
    expect(await ask(off, '1/tcp')).toBe('open');
    expect((await readFirewall(off)).value.idle).toMatchObject([{ kind: 'ufw', because: 'it is switched off' }]);
  });
});

describe('firewalld', () => {
  const zone = (content: string, target = '') => `<?xml version="1.0"?>\n<zone${target}>\n${content}\n</zone>\n`;
  const firewalld = (more: MemoryTree): MemoryTree => ({
    ...root,
    ...started('firewalld.service'),
    '/etc/firewalld/firewalld.conf': '# comment\nDefaultZone=public\n',
    '/usr/lib/firewalld/zones/public.xml': zone('<service name="ssh"/>'),
    '/usr/lib/firewalld/zones/trusted.xml': zone('', ' target="ACCEPT"'),
    '/usr/lib/firewalld/services/ssh.xml': '<service><port protocol="tcp" port="22"/></service>\n',
    '/usr/lib/firewalld/services/kube.xml':
      '<service><!-- <port> --><include service="ssh"/><port protocol="tcp" port="6443"/></service>\n',
    ...more,
  });
  const file = '/etc/firewalld/zones/public.xml';

  it.each([
    ['<port port="6443" protocol="tcp"/>', '6443/tcp', `open ${file}:3`],
    ['<port port="30000-32767" protocol="udp"/>', '30000-32767/udp', `open ${file}:3`],
    ['<service name="kube"/>', '6443/tcp', `open ${file}:3`],
    ['<service name="kube"/>', '22/tcp', `open ${file}:3`],
    ['<service name="ssh"/>', '6443/tcp', `closed ${file}`],
    ['<service name="nothing"/>', '6443/tcp', `unknown ${file}:3`],
    ['<protocol value="tcp"/>', '6443/tcp', `open ${file}:3`],
    [
      '<rule><source address="10.0.0.0/8"/><port port="6443" protocol="tcp"/><accept/></rule>',
      '6443/tcp',
      `conditional ${file}:3`,
    ],
    [
      '<port port="6443" protocol="tcp"/><rule family="ipv4"><port port="6443" protocol="tcp"/><drop/></rule>',
      '6443/tcp',
      `closed ${file}:3`,
    ],
    ['<port port="6443"', '6443/tcp', `unknown ${file}:3`],
    ['<rule><icmp-type name="echo-request"/><accept/></rule>', '6443/tcp', `closed ${file}`],
    ['<rule><icmp-block name="echo-request"/></rule><port port="6443" protocol="tcp"/>', '6443/tcp', `open ${file}:3`],
    ['<rule><source-port port="1024-65535" protocol="tcp"/><accept/></rule>', '6443/tcp', `conditional ${file}:3`],
    ['<source-port port="53" protocol="udp"/>', '6443/udp', `conditional ${file}:3`],
    [
      '<rule priority="-5">\n<port port="6443" protocol="tcp"/><accept/></rule>\n<rule><drop/></rule>',
      '6443/tcp',
      `open ${file}:3`,
    ],
    ['<rule priority="5"><drop/></rule>\n<port port="6443" protocol="tcp"/>', '6443/tcp', `open ${file}:4`],
    ['<rule priority="-2"><drop/></rule>\n<rule priority="-1"><accept/></rule>', '6443/tcp', `closed ${file}:3`],
    ['<rule><port port="6443" protocol="tcp"/><log prefix="api"/></rule>', '6443/tcp', `closed ${file}`],
    ['<rule><service name="kube"/><accept><limit value="3/m"/></accept></rule>', '6443/tcp', `conditional ${file}:3`],
    ['<rule family="ipv6"><service name="kube"/><accept/></rule>', '6443/tcp', `closed ${file}`],
    ['<source address="10.0.0.0/8"/><port port="6443" protocol="tcp"/>', '6443/tcp', `open ${file}:3`],
  ])('%s: %s is %s', async (content, question, wanted) => {
    expect(await ask(firewalld({ [file]: zone(content) }), question)).toBe(wanted);
  });

  it('an interface belongs to its zone, all others to the default', async () => {
    const tree = firewalld({
      '/etc/firewalld/zones/trusted.xml': zone('<interface name="eth1"/>', ' target="ACCEPT"'),
    });
    expect(await ask(tree, '6443/tcp on eth1')).toMatch(/^open/);
    expect(await ask(tree, '6443/tcp on eth0')).toMatch(/^closed/);
  });

  it('direct rules and policies are not followed, and said', async () => {
    const direct = '/etc/firewalld/direct.xml';
    expect(await ask(firewalld({ [direct]: '<direct><rule>x</rule></direct>' }), '1/tcp')).toBe(`unknown ${direct}`);
  });
});

describe('what boot loads', () => {
  it('nothing: open, and no rule decides', async () => {
    expect(await ask(root, '6443/tcp')).toBe('open');
  });

  it('a masked unit loads nothing', async () => {
    const tree = nftables('table ip f { chain i { type filter hook input priority 0; policy drop; }\n}\n', {
      '/etc/systemd/system/nftables.service': { link: '/dev/null' },
    });
    expect(await ask(tree, '6443/tcp')).toBe('open');
    expect((await readFirewall(tree)).value.idle).toMatchObject([{ because: 'nftables.service is masked' }]);
  });

  it('a unit that may not start leaves it open what is loaded', async () => {
    const tree = nftables('table ip f { chain i { type filter hook input priority 0; policy drop; }\n}\n', {
      '/etc/systemd/system/nftables.service.d/a.conf': '[Unit]\nRequires=check.service\n',
      '/etc/systemd/system/check.service':
        '[Unit]\nAssertPathExists=/etc/nowhere\n[Service]\nType=oneshot\nExecStart=/bin/true\n',
    });
    const { value, gaps } = await readFirewall(tree);
    expect(value).toEqual({ filters: [], idle: [] });
    expect(gaps.map(({ cause }) => [cause.code, cause.message])).toEqual([
      [
        'firewall/undecided-start',
        'whether nftables.service starts, and loads its filter, cannot be told from the image: Requires=check.service, which fails',
      ],
    ]);
  });

  it('two filters: both must let it through', async () => {
    const tree = {
      ...nftables('table ip f { chain i { type filter hook input priority 0; policy drop; tcp dport 22 accept; }\n}\n'),
      ...started('netfilter-persistent.service'),
      '/etc/iptables/rules.v4': '*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n',
    };
    expect(await ask(tree, '22/tcp')).toMatch(/^open/);
    expect(await ask(tree, '6443/tcp')).toMatch(/^closed \/etc\/nftables.conf/);
  });

  it('rules that cannot be read are a gap', async () => {
    const error = new ImageError('corrupt', 'ext4/bad-checksum', 'bad checksum');
    const { gaps } = await readFirewall({ ...nftables(''), '/etc/nftables.conf': { text: 'x', error } });
    expect(gaps.map(({ cause }) => cause.code)).toEqual(['ext4/bad-checksum']);
  });
});
