/** `systemctl`, `sysctl` and `modules` on small trees: what they print, where it comes from, how they end. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeModuleLists } from '../../facts/kernel/make-module-index.ts';
import { checkImage, type Said } from '../command-line.ts';

const lib = '/usr/lib/systemd/system';
const etc = '/etc/systemd/system';
const kernel = '/usr/lib/modules/6.12.0-amd64';
const files: Readonly<Record<string, string | Uint8Array>> = {
  '/etc/os-release': 'ID=debian\nVERSION_ID=13\n',
  '/usr/lib/systemd/libsystemd-shared-257.so': '',
  [`${lib}/basic.target`]: '[Unit]\nDefaultDependencies=no\n',
  [`${lib}/multi-user.target`]: '[Unit]\nDescription=Multi-User\nRequires=basic.target\nDefaultDependencies=no\n',
  [`${lib}/web.service`]:
    '[Unit]\nDescription=Web\nDefaultDependencies=no\n[Service]\nExecStart=/bin/true\nRestart=no\n[Install]\nWantedBy=multi-user.target\n',
  [`${etc}/web.service.d/restart.conf`]: '[Service]\nRestart=always\nUser=www\n',
  [`${lib}/picky.service`]:
    '[Unit]\nDefaultDependencies=no\nConditionPathExists=/etc/wanted\n[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n',
  [`${lib}/tool@.service`]: '[Service]\nExecStart=/bin/echo %i\n',
  [`${lib}/idle.timer`]: '[Timer]\nOnBootSec=1h\n[Install]\nWantedBy=timers.target\n',
  [`${lib}/odd.service`]: '[Service]\n#\ta\u001b[2Jb\nExecStart=/bin/true',
  '/usr/lib/systemd/system-preset/90.preset': 'disable idle.timer\n',
  '/usr/lib/sysctl.d/10-base.conf': 'net.ipv4.ip_forward = 0\nnet.bridge.bridge-nf-call-iptables = 1\n',
  '/etc/sysctl.d/99-own.conf': 'net.ipv4.ip_forward = 1\nnet.ipv4.conf.*.rp_filter = 2\n',
  '/etc/modules-load.d/own.conf': 'br-netfilter\nabsent\nloop\n',
  '/etc/modprobe.d/own.conf':
    'blacklist floppy\noptions loop max_loop=8\ninstall evil /bin/false\nsoftdep loop pre: zlib\nweakdep loop lz4\nblacklist sunrpc\n',
  ...makeModuleLists(
    kernel,
    'kernel/net/br_netfilter.ko.xz:\nkernel/drivers/block/floppy.ko.xz:\nkernel/evil.ko:\nkernel/nf_conntrack.ko:\nkernel/sunrpc.ko:\n',
  ),
  [`${kernel}/modules.dep`]: 'kernel/drivers/block/floppy.ko.xz:\nkernel/later.ko:\nkernel/net/br_netfilter.ko.xz:\n',
  [`${kernel}/modules.builtin`]: 'kernel/drivers/block/loop.ko\n',
};
const links: Readonly<Record<string, string>> = {
  [`${etc}/multi-user.target.wants/web.service`]: `${lib}/web.service`,
  [`${etc}/multi-user.target.wants/picky.service`]: `${lib}/picky.service`,
  [`${etc}/default.target`]: `${lib}/multi-user.target`,
  [`${etc}/gone.service`]: '/dev/null',
  [`${lib}/www.service`]: 'web.service',
};

let root = '';
const systemctl = (...words: string[]): Promise<Said> => checkImage('systemctl', root, ...words);

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'check-image-machine-'));
  const place = (path: string): string => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    return join(root, path);
  };
  for (const [path, text] of Object.entries(files)) writeFileSync(place(path), text);
  for (const [path, target] of Object.entries(links)) symlinkSync(target, place(path));
});
afterAll(() => rmSync(root, { recursive: true }));

describe('systemctl list-unit-files', () => {
  it('prints columns and a count, and narrows by pattern, type and state', async () => {
    expect((await systemctl('list-unit-files', '-t', 'timer,service', 'idle*', 'w*', 'gone.service')).out).toBe(
      [
        'UNIT FILE    STATE    PRESET',
        'gone.service masked   enabled',
        'web.service  enabled  enabled',
        'www.service  alias    -',
        'idle.timer   disabled disabled',
        '',
        '4 unit files listed.',
        '',
      ].join('\n'),
    );
    expect((await systemctl('list-unit-files', '--no-legend', '--state', 'masked')).out).toBe(
      'gone.service masked enabled\n',
    );
    expect((await systemctl('list-unit-files', 'nothing*')).code).toBe(1);
  });

  it('gives the link behind a state', async () => {
    const { out } = await systemctl('list-unit-files', '--no-legend', '--why', 'web.service');
    expect(out).toMatch(
      /^web\.service enabled enabled .*:\/etc\/systemd\/system\/multi-user\.target\.wants\/web\.service\n$/,
    );
  });

  it('prints what systemctl calls them as JSON', async () => {
    const { out } = await systemctl('list-unit-files', '--json', 'www.service');
    expect(JSON.parse(out)).toEqual([{ unit_file: 'www.service', state: 'alias', preset: null }]);
  });
});

describe('systemctl is-enabled', () => {
  it.each([
    [['web'], 'enabled\n', 0],
    [['gone', 'idle.timer'], 'masked\ndisabled\n', 1],
    [['gone', 'web'], 'masked\nenabled\n', 0],
    [['nowhere'], 'not-found\n', 4],
    [['-q', 'nowhere'], '', 4],
  ])('%j', async (words, out, code) => {
    expect(await systemctl('is-enabled', ...words)).toEqual({ code, out, err: '' });
  });

  it('tells being enabled from being started', async () => {
    const { out } = await systemctl('is-enabled', '--why', 'web', 'tool@a.service');
    expect(out).toContain('    starts at boot\n      multi-user.target  by default.target ');
    expect(out).toMatch(/ {6}web\.service {2}by \.wants\/ {2}.*multi-user\.target\.wants\/web\.service\n/);
    expect(out).toMatch(/static\n[\s\S]*is not started\n$/);
  });

  it('gives the preset line, and the condition that will not hold', async () => {
    const { out } = await systemctl('is-enabled', '--why', 'idle.timer', 'picky', 'nowhere');
    expect(out).toMatch(/^disabled\n {4}preset {2}disabled {2}.*\/system-preset\/90\.preset:1\n {4}is not started\n/);
    expect(out).toMatch(/ {4}preset {2}enabled {2}no line names it\n {4}starts at boot\n/);
    expect(out).toMatch(/ {6}will be skipped because of ConditionPathExists=\/etc\/wanted {2}.*picky\.service:3\n/);
    expect(out).toMatch(/\nnot-found\n {4}is not started\n$/);
    expect((await systemctl('is-enabled', '--why', 'gone')).out).toMatch(/ {4}is masked: nothing starts it\n$/);
    const listed = await systemctl('list-unit-files', '--no-legend', '--why', 'idle.timer');
    expect(listed.out).toMatch(/^idle\.timer disabled disabled preset .*\/90\.preset:1\n$/);
  });
});

describe('systemctl show', () => {
  it('prints properties asked for in its own order, empty ones too', async () => {
    expect((await systemctl('show', '-p', 'Group,User', '-p', 'Restart,Nonsense', 'web')).out).toBe(
      'Restart=always\nUser=www\nGroup=\n',
    );
    expect((await systemctl('show', '--value', '-p', 'Restart', 'web', 'tool@x')).out).toBe('always\n\nno\n');
  });

  it('says which line counts and which it beats', async () => {
    const { out } = await systemctl('show', '--why', '-p', 'Restart,KillMode', 'web');
    expect(out).toMatch(
      /^Restart=always\n {4}set by {2}.*restart\.conf:2 {2}Restart=always\n {4}beats {3}.*web\.service:6 {2}Restart=no\nKillMode=control-group\n {4}built in\n$/,
    );
  });

  it('refuses what only the running machine knows', async () => {
    const { code, out, err } = await systemctl('show', '-p', 'ActiveState,Type', 'web');
    expect({ code, out }).toEqual({ code: 1, out: 'Type=simple\n' });
    expect(err).toMatch(/ActiveState is decided at run time/);
  });

  it('knows what the units of the boot say about each other', async () => {
    expect((await systemctl('show', '-p', 'RequiredBy', 'basic.target')).out).toBe('RequiredBy=multi-user.target\n');
  });
});

describe('systemctl cat, get-default, list-dependencies', () => {
  it('cat prints fragment and drop-ins, masks as such, and misses what is not there', async () => {
    const { out } = await systemctl('cat', 'gone', 'web');
    expect(out).toBe(
      `# Unit gone.service is masked.\n# ${lib}/web.service\n${files[`${lib}/web.service`]}\n` +
        `# ${etc}/web.service.d/restart.conf\n${files[`${etc}/web.service.d/restart.conf`]}`,
    );
    expect(await systemctl('cat', 'nowhere')).toMatchObject({ code: 1, out: '' });
  });

  it('cat makes control characters visible', async () => {
    expect((await systemctl('cat', 'odd')).out).toBe(
      `# ${lib}/odd.service\n[Service]\n#\ta\\x1b[2Jb\nExecStart=/bin/true\n`,
    );
  });

  it('get-default follows the link', async () => {
    expect((await systemctl('get-default')).out).toBe('multi-user.target\n');
  });

  it('list-dependencies draws a tree', async () => {
    expect((await systemctl('list-dependencies')).out).toBe(
      'default.target\n○ ├─picky.service\n● ├─web.service\n● └─basic.target\n',
    );
    expect((await systemctl('list-dependencies', '--plain')).out).toBe(
      'default.target\n  picky.service\n  web.service\n  basic.target\n',
    );
    expect((await systemctl('list-dependencies', '--reverse', '--why', 'web')).out).toMatch(
      /^web\.service\n● └─multi-user\.target {2}by \.wants\/ {2}.*\n$/,
    );
  });

  it('needs a unit, a known verb, and an image', async () => {
    expect((await systemctl('cat')).code).toBe(2);
    expect((await systemctl('frobnicate')).code).toBe(2);
    expect((await checkImage('systemctl', join(root, 'none'), 'get-default')).code).toBe(3);
  });
});

describe('sysctl', () => {
  it('prints all that is set, both names of one variable, and patterns', async () => {
    expect((await checkImage('sysctl', root)).out).toBe(
      'net.bridge.bridge-nf-call-iptables = 1\nnet.ipv4.conf.all.forwarding = 1\nnet.ipv4.ip_forward = 1\n' +
        'net.ipv4.conf.*.rp_filter = 2\n',
    );
  });

  it('looks keys up however they are written, with what they override', async () => {
    expect((await checkImage('sysctl', '-n', root, 'net/ipv4/ip_forward', 'net.ipv4.conf.eth0.rp_filter')).out).toBe(
      '1\n2\n',
    );
    const { out } = await checkImage(
      'sysctl',
      '--why',
      root,
      'net.ipv4.ip_forward',
      'net.bridge.bridge-nf-call-iptables',
    );
    expect(out).toMatch(/set by {2}.*99-own\.conf:1 .*\n {4}beats {3}.*10-base\.conf:1 /);
    expect(out).toMatch(/ {4}needs {3}the module br_netfilter, loaded before {2}.*own\.conf:1\n$/);
  });

  it('says whether a key is there when it is set', async () => {
    writeFileSync(
      join(root, 'etc/sysctl.d/50-late.conf'),
      'net.netfilter.nf_conntrack_max=1\nsunrpc.tcp_slot_table_entries=2\ndev.cdrom.debug=1\n',
    );
    const said = async (key: string) => (await checkImage('sysctl', '--why', root, key)).out;
    expect(await said('net.netfilter.nf_conntrack_max')).toMatch(
      / the module nf_conntrack, nothing asks for it before: the key is there only if the initrd or another module brings it\n$/,
    );
    expect(await said('sunrpc.tcp_slot_table_entries')).toMatch(
      / sunrpc, stopped by blacklist sunrpc: .*only if .*own\.conf:6\n$/,
    );
    expect(await said('dev.cdrom.debug')).toMatch(
      / cdrom, a kernel of the image has no such module: there is no such key to set\n$/,
    );
    const { out } = await checkImage('sysctl', '--why', '--json', root, 'net.nf_conntrack_max');
    expect(JSON.parse(out)[0].existence).toMatchObject({ module: 'nf_conntrack', exists: 'unknown' });
    rmSync(join(root, 'etc/sysctl.d/50-late.conf'));
  });

  it('does not take what the image leaves to the kernel for a value', async () => {
    expect(await checkImage('sysctl', root, 'vm.swappiness')).toMatchObject({ code: 1, out: '' });
  });
});

describe('modules', () => {
  it('prints what is asked for at boot, and whether the kernel has it', async () => {
    expect((await checkImage('modules', '--no-legend', root)).out).toBe(
      `br_netfilter available 6.12.0-amd64 ${kernel}/kernel/net/br_netfilter.ko.xz\n` +
        'absent       missing   6.12.0-amd64 -\nloop         builtin   6.12.0-amd64 -\n',
    );
  });

  it('looks modules up with what blocks them', async () => {
    const { code, out } = await checkImage('modules', '--why', root, 'floppy', 'evil', 'nothing');
    expect(code).toBe(1);
    expect(out).toMatch(
      /floppy +blacklisted .*\n {4}found in .*modules\.dep:1\n {4}blocked {3}.*own\.conf:1 {2}blacklist floppy\n/,
    );
    expect(out).toMatch(/evil +blocked .*\n[\s\S]*nothing +missing /);
    const later = await checkImage('modules', '--why', root, 'later');
    expect(later.out).toMatch(
      /later +unlisted .*later\.ko\n {4}found in .*:2\n {4}unlisted {2}.*dep\.bin {2}.* does not list it\n/,
    );
    const loop = await checkImage('modules', '--why', root, 'loop');
    expect(loop.out).toMatch(/ {4}loads {5}.*own\.conf:4 {2}zlib before it\n/);
  });

  it('prints the configuration of modprobe', async () => {
    expect((await checkImage('modules', '--showconfig', root)).out).toBe(
      'blacklist floppy\nblacklist sunrpc\ninstall evil /bin/false\noptions loop max_loop=8\nsoftdep loop pre: zlib\nweakdep loop lz4\n',
    );
  });
});
