/**
 * systemd-ssh-generator(8), since systemd 256: a socket for logins from the same machine, and those that `systemd.ssh_listen=` asks
 * for, answered by the image's own `sshd@.service` or a template of the generator. Not made: the sockets of virtual machines (VSOCK)
 * and of containers, which only the machine can tell to be one, and those of the credential ssh.listen.
 */
import { compareNames } from '../../../bytes/names.ts';
import type { RootView } from '../../../root/root-view.ts';
import type { KernelParameter } from '../../kernel/command-line.ts';
import { parseBoolean } from '../values/boolean.ts';
import { formatSocketAddress } from '../values/socket-address.ts';
import { type Generated, type GeneratedUnit, nothing } from './generated.ts';
import { findGenerator } from './generator-files.ts';

const servers = ['/usr/local/sbin/sshd', '/usr/local/bin/sshd', '/usr/sbin/sshd', '/usr/bin/sshd'];
const templates = ['/etc', '/usr/local/lib', '/usr/lib'].map((prefix) => `${prefix}/systemd/system/sshd@.service`);
const ownTemplate = 'sshd-generated@.service';

interface SocketRow {
  /** `sshd-extra`: of the socket and of the template that answers. */
  readonly name: string;
  readonly address: string;
  readonly comment: string;
  /** Before ssh-access.target, as what others reach. */
  readonly isPublic: boolean;
}

/** Nothing if the image has no such generator, it is masked, or there is no server. */
export function generateForSsh(view: RootView, parameters: readonly KernelParameter[]): Generated {
  const rows = [...extraSockets(parameters), ...(isAutomatic(parameters) ? [localSocket] : [])];
  const generator = findGenerator(view, 'systemd-ssh-generator');
  const server = servers.find((path) => view.exists(path) === 'yes');
  if (generator === undefined || server === undefined || rows.length === 0) return nothing;
  const origin = view.locate(generator);
  const hasTemplate = templates.some((path) => view.exists(path) === 'yes');
  const template = hasTemplate ? 'sshd@.service' : ownTemplate;
  return {
    units: [
      ...rows.map((row): GeneratedUnit => ({ name: `${row.name}.socket`, text: socketText(row), origin })),
      ...(hasTemplate ? [] : [{ name: ownTemplate, text: templateText(server), origin }]),
    ],
    links: rows.map(({ name }) => ({ from: 'sockets.target', kind: 'Wants', to: `${name}.socket`, origin })),
    aliases: rows.map(({ name }) => ({ name: `${name}@.service`, to: template, origin })),
    masks: [],
  };
}

const localSocket: SocketRow = {
  name: 'sshd-unix-local',
  address: '/run/ssh-unix-local/socket',
  comment: 'AF_UNIX Local',
  isPublic: false,
};

function isAutomatic(parameters: readonly KernelParameter[]): boolean {
  const value = parameters.findLast(({ key }) => key === 'systemd.ssh_auto')?.value;
  return value === undefined || parseBoolean(value) !== false;
}

/** `sshd-extra`, `sshd-extra-2` ... in the order of the addresses. */
function extraSockets(parameters: readonly KernelParameter[]): readonly SocketRow[] {
  const addresses = parameters.flatMap(({ key, value }) =>
    key === 'systemd.ssh_listen' && value !== undefined ? (formatSocketAddress(value, 'Stream') ?? []) : [],
  );
  return [...new Set(addresses)].sort(compareNames).map((address, at) => ({
    name: at === 0 ? 'sshd-extra' : `sshd-extra-${at + 1}`,
    address,
    comment: address,
    isPublic: true,
  }));
}

function socketText({ address, comment, isPublic }: SocketRow): string {
  const access = isPublic ? 'Wants=ssh-access.target\nBefore=ssh-access.target\n' : '';
  return `[Unit]
Description=OpenSSH Server Socket (systemd-ssh-generator, ${comment})
Documentation=man:systemd-ssh-generator(8)
${access}
[Socket]
ListenStream=${address}
Accept=yes
PollLimitIntervalSec=30s
PollLimitBurst=50
`;
}

function templateText(server: string): string {
  return `[Unit]
Description=OpenSSH Per-Connection Server Daemon
Documentation=man:systemd-ssh-generator(8) man:sshd(8)

[Service]
ExecStart=-${server} -i -o "AuthorizedKeysFile \${CREDENTIALS_DIRECTORY}/ssh.ephemeral-authorized_keys-all .ssh/authorized_keys"
StandardInput=socket
ImportCredential=ssh.ephemeral-authorized_keys-all
`;
}
