/** Changes planted in the clean server, and what a diff has to say of each: one line, `class concern name field`. */
import type { Change } from './mutant-disk.ts';

/** Part of a text file; several of one file are made together. */
export interface Edit {
  readonly edit: string;
  readonly from: string;
  readonly by: string;
}

export interface PlantedChange {
  readonly changes: readonly (Change | Edit)[];
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
    changes: [{ write: '/etc/nftables.conf', text: `${none}tcp dport 10250 drop; } }\n` }],
    finds: 'breaking ports tcp 10250 state',
  },
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
];

/** What only the files say. */
export const plantedFiles: readonly PlantedChange[] = [
  { changes: [{ chmod: '/usr/bin/find', mode: 0o4755 }], finds: 'drift files /usr/bin/find mode' },
  { changes: [{ chown: '/usr/bin/curl', uid: 33 }], finds: 'drift files /usr/bin/curl owner' },
  { changes: [{ remove: '/usr/bin/tac' }], finds: 'drift files /usr/bin/tac' },
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
