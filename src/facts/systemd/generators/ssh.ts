/**
 * systemd-ssh-generator(8), since systemd 256: a socket for logins from the same machine, answered by the image's own
 * `sshd@.service`. Not made: sockets for virtual machines (VSOCK) and containers, and the template it writes if there is none.
 */
import type { Location } from '../../../location.ts';
import type { RootView } from '../../../root/root-view.ts';
import { type Generated, nothing } from './generated.ts';

const generators = ['/etc', '/usr/local/lib', '/usr/lib'].map(
  (prefix) => `${prefix}/systemd/system-generators/systemd-ssh-generator`,
);
const servers = ['/usr/local/sbin/sshd', '/usr/local/bin/sshd', '/usr/sbin/sshd', '/usr/bin/sshd'];
const templates = ['/etc', '/usr/local/lib', '/usr/lib'].map((prefix) => `${prefix}/systemd/system/sshd@.service`);

const socket = `[Unit]
Description=OpenSSH Server Socket (systemd-ssh-generator, AF_UNIX Local)
Documentation=man:systemd-ssh-generator(8)

[Socket]
ListenStream=/run/ssh-unix-local/socket
Accept=yes
PollLimitIntervalSec=30s
PollLimitBurst=50
`;

/** Nothing if the image has no such generator, it is masked, or there is no server. */
export function generateForSsh(view: RootView): Generated {
  const generator = generators.find((path) => view.lstat(path) !== undefined);
  const origin = generator === undefined ? undefined : locateFile(view, generator);
  const server = servers.find((path) => view.exists(path) === 'yes');
  if (!origin || server === undefined || !templates.some((path) => view.exists(path) === 'yes')) return nothing;
  return {
    units: [{ name: 'sshd-unix-local.socket', text: socket, origin }],
    links: [{ from: 'sockets.target', kind: 'Wants', to: 'sshd-unix-local.socket', origin }],
    aliases: [{ name: 'sshd-unix-local@.service', to: 'sshd@.service', origin }],
    masks: [],
  };
}

function locateFile(view: RootView, path: string): Location | undefined {
  const { state, path: end } = view.resolve(path);
  return state === 'found' && end !== '/dev/null' ? view.locate(path) : undefined;
}
