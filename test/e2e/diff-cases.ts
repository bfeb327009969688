/** Changes planted in the clean server, and what a diff has to say of each: one line, `class concern name field`. */
import type { EspChange } from './boot-mutants.ts';
import type { Change } from './mutant-disk.ts';

/** Part of a text file; several of one file are made together. */
export interface Edit {
  readonly edit: string;
  readonly from: string;
  readonly by: string;
}

export interface PlantedChange {
  readonly changes: readonly (Change | Edit)[];
  /** Of the EFI system partition. */
  readonly esp?: readonly EspChange[];
  readonly finds: string;
}

const dropIns = '/etc/systemd/system/k3s-server.service.d';
const status = '/var/lib/dpkg/status';
const none = 'table inet filter { chain input { type filter hook input priority 0; policy accept; ';

/** What the image says: found without a look at the files. */
export const plantedFacts: readonly PlantedChange[] = [
  {
    changes: [{ write: '/etc/sysctl.d/zz-a.conf', text: 'fs.inotify.max_user_instances = 512\n' }],
    finds: 'breaking sysctl fs.inotify.max_user_instances',
  },
  {
    changes: [{ write: '/etc/sysctl.d/zz-b.conf', text: 'kernel.panic = 10\n' }],
    finds: 'drift sysctl kernel.panic',
  },
  {
    changes: [{ folder: dropIns }, { write: `${dropIns}/a.conf`, text: '[Service]\nKillMode=mixed\n' }],
    finds: 'breaking units k3s-server.service Service.KillMode',
  },
  {
    changes: [{ write: `${dropIns}/b.conf`, text: '[Service]\nRestartSec=5000ms\n' }],
    finds: 'equivalent units k3s-server.service Service.RestartSec',
  },
  {
    changes: [{ write: '/etc/systemd/system/backup.service', text: '[Service]\nExecStart=/bin/true\n' }],
    finds: 'drift units backup.service',
  },
  { changes: [{ link: '/etc/systemd/system/fstrim.timer', to: '/dev/null' }], finds: 'drift units fstrim.timer state' },
  {
    changes: [{ edit: '/etc/passwd', from: 'root:x:0:0:root:/root:/bin/bash', by: 'root:x:0:0:root:/root:/bin/sh' }],
    finds: 'drift users root shell',
  },
  { changes: [{ edit: '/etc/group', from: 'sudo:x:27:', by: 'sudo:x:27:ops' }], finds: 'drift groups sudo members' },
  { changes: [{ write: '/etc/hostname', text: 'server-2\n' }], finds: 'drift system hostname' },
  {
    changes: [{ edit: '/usr/lib/os-release', from: 'Debian GNU/Linux 13 (trixie)', by: 'Debian GNU/Linux 13.9' }],
    finds: 'drift system name',
  },
  {
    changes: [{ edit: status, from: 'Version: 3.152\n', by: 'Version: 3.153\n' }],
    finds: 'drift packages adduser version',
  },
  {
    changes: [
      {
        edit: status,
        from: 'Package: less\nStatus: install ok installed',
        by: 'Package: less\nStatus: deinstall ok config-files',
      },
    ],
    finds: 'drift packages less',
  },
  {
    changes: [
      {
        edit: status,
        from: 'Package: socat\nStatus: install ok installed',
        by: 'Package: socat\nStatus: deinstall ok config-files',
      },
    ],
    finds: 'breaking packages socat',
  },
  {
    changes: [{ write: '/etc/modprobe.d/zz.conf', text: 'blacklist floppy\n' }],
    finds: 'drift modules floppy blocked',
  },
  {
    changes: [{ write: '/etc/modules-load.d/zz.conf', text: 'loop\n' }],
    finds: 'drift modules loop at boot',
  },
  {
    changes: [{ write: '/etc/nftables.conf', text: `${none}tcp dport 10250 drop; udp dport 53 drop; } }\n` }],
    finds: 'breaking ports tcp 10250 state',
  },
  { changes: [], finds: 'drift ports udp 53 state' },
  {
    changes: [
      { edit: '/etc/systemd/network/20-eth1.network', from: '[Network]', by: '[Network]\nGateway=192.168.1.254' },
    ],
    finds: 'drift network interface eth1 gateways',
  },
  {
    changes: [{ edit: '/etc/default/k3s-server', from: '--flannel-iface', by: '--disable=traefik --flannel-iface' }],
    finds: 'drift k3s --disable',
  },
  {
    changes: [{ edit: '/etc/fstab', from: '/run\t\ttmpfs\tdefaults', by: '/run\t\ttmpfs\tsize=1G' }],
    finds: 'drift mounts /run options',
  },
  {
    changes: [{ write: '/etc/tmpfiles.d/zz.conf', text: 'd /srv/data 0750 root root -\n' }],
    finds: 'drift tmpfiles d /srv/data',
  },
  { changes: [{ remove: '/usr/lib/sysctl.d/50-pid-max.conf' }], finds: 'drift sysctl kernel.pid_max' },
  { changes: [{ remove: '/usr/lib/systemd/system/rescue-ssh.target' }], finds: 'drift units rescue-ssh.target' },
  {
    changes: [
      { edit: '/usr/lib/systemd/system/apt-daily.timer', from: 'OnCalendar=*-*-* 6,18:00', by: 'OnCalendar=weekly' },
    ],
    finds: 'drift units apt-daily.timer Timer.OnCalendar',
  },
  {
    changes: [{ edit: '/usr/lib/systemd/system/ssh.socket', from: 'Accept=no', by: 'Accept=false' }],
    finds: 'equivalent units ssh.socket Socket.Accept',
  },
  {
    changes: [{ edit: '/etc/passwd', from: 'daemon:x:1:1', by: 'ops:x:1000:1000::/home/ops:/bin/bash\ndaemon:x:1:1' }],
    finds: 'drift users ops',
  },
  { changes: [{ edit: '/etc/group', from: '_ssh:x:101:\n', by: '' }], finds: 'drift groups _ssh' },
  {
    changes: [
      {
        edit: status,
        from: 'Package: adduser\n',
        by: 'Package: strace\nStatus: install ok installed\nArchitecture: amd64\nVersion: 6\n\nPackage: adduser\n',
      },
    ],
    finds: 'drift packages strace',
  },
  {
    changes: [{ write: '/etc/systemd/network/30-br0.netdev', text: '[NetDev]\nName=br0\nKind=bridge\n' }],
    finds: 'drift network device br0',
  },
  {
    changes: [{ edit: '/etc/fstab', from: 'proc\t\t/proc', by: 'tmpfs /srv tmpfs size=1M 0 0\nproc\t\t/proc' }],
    finds: 'drift mounts /srv',
  },
  {
    changes: [],
    esp: [{ replace: '/loader/entries/boot.conf', from: 'quiet', by: 'panic=5' }],
    finds: 'drift boot parameter panic',
  },
  { changes: [], finds: 'drift boot parameter quiet' },
  {
    changes: [],
    esp: [{ replace: '/config-6.12.117+deb13-amd64', from: 'CONFIG_TUN=m', by: 'CONFIG_TUN=y' }],
    finds: 'drift kernel-options CONFIG_TUN',
  },
  // With the waivers of the test.
  {
    changes: [{ write: '/etc/sysctl.d/zz-c.conf', text: 'vm.swappiness = 10\n' }],
    finds: 'intended sysctl vm.swappiness',
  },
  // With another identifier of a partition.
  { changes: [], finds: 'noise boot partition p1 partition UUID' },
];

export const plantedWaivers =
  'differences:\n  - {id: swap, concern: sysctl, record: vm.swappiness, reason: agreed for this node}\n';

/** What only the files say. */
export const plantedFiles: readonly PlantedChange[] = [
  { changes: [{ chmod: '/usr/bin/find', mode: 0o4755 }], finds: 'drift files /usr/bin/find mode' },
  { changes: [{ chown: '/usr/bin/curl', uid: 33 }], finds: 'drift files /usr/bin/curl owner' },
  { changes: [{ chgrp: '/usr/bin/chage', gid: 4 }], finds: 'drift files /usr/bin/chage group' },
  {
    changes: [{ xattr: '/usr/bin/tee', name: 'user.note', value: 'x' }],
    finds: 'drift files /usr/bin/tee xattr user.note',
  },
  { changes: [{ remove: '/usr/bin/tac' }], finds: 'drift files /usr/bin/tac' },
  {
    changes: [{ edit: '/usr/lib/systemd/system/fstrim.service', from: '[Unit]', by: '# Comment\n[Unit]' }],
    finds: 'drift files /usr/lib/systemd/system/fstrim.service content',
  },
  {
    changes: [{ write: '/usr/local/bin/tool', text: '#!/bin/sh\n', mode: 0o755 }],
    finds: 'drift files /usr/local/bin/tool',
  },
  { changes: [{ folder: '/srv/data' }], finds: 'drift files /srv/data' },
  { changes: [{ edit: '/etc/issue', from: '13', by: '14' }], finds: 'drift files /etc/issue content' },
  {
    changes: [{ link: '/etc/alternatives/pager', to: '/usr/bin/more' }],
    finds: 'drift files /etc/alternatives/pager target',
  },
  { changes: [{ link: '/usr/bin/who', to: 'true' }], finds: 'drift files /usr/bin/who type' },
  { changes: [{ patch: '/usr/bin/wc', at: 5000, bytes: [1, 2, 3] }], finds: 'drift files /usr/bin/wc content' },
  {
    changes: [{ copy: '/usr/bin/seq', to: '/usr/local/bin/seq' }, { remove: '/usr/bin/seq' }],
    finds: 'drift files /usr/local/bin/seq path',
  },
  {
    changes: [{ write: '/etc/machine-id', text: '0123456789abcdef0123456789abcdef\n' }],
    finds: 'noise files /etc/machine-id content',
  },
  {
    changes: [{ write: '/usr/lib/a.pyc', text: 'x' }],
    finds: 'noise files /usr/lib/a.pyc',
  },
];
