/** [Socket] without what it shares with other units. systemd.socket(5), version 257. */

import { interfaceName, typeOfService } from './device-kinds.ts';
import { type DirectiveRow, directive, directives } from './directive.ts';
import { commands, paths } from './list-kinds.ts';
import { account } from './process-kinds.ts';
import {
  binarySize,
  boolean,
  integer,
  long,
  mode,
  oneOf,
  plainText,
  scalar,
  seconds,
  secondsZeroInfinity,
  text,
  unsigned,
} from './scalar-kinds.ts';
import { listener, triggeredUnit } from './unit-kinds.ts';

const fileDescriptorName = scalar('file descriptor name', 'reset', (value, { expand }) => {
  const name = expand(value);
  return name !== undefined && /^[\x20-\x39\x3b-\x7e]{1,255}$/.test(name) ? name : undefined;
});

/** Listen…= keys with the word systemctl prints behind the address. */
const listeners = {
  ListenStream: 'Stream',
  ListenDatagram: 'Datagram',
  ListenSequentialPacket: 'SequentialPacket',
  ListenFIFO: 'FIFO',
  ListenNetlink: 'Netlink',
  ListenSpecial: 'Special',
  ListenMessageQueue: 'MessageQueue',
  ListenUSBFunction: 'USBFunction',
};

export const socketDirectives: readonly DirectiveRow[] = [
  ...Object.entries(listeners).map(([key, label]) => directive(key, listener(label), { target: 'Socket.Listen' })),
  directive('SocketProtocol', oneOf('socket protocol', 'udplite sctp mptcp')),
  directive(
    'BindIPv6Only',
    oneOf('bind IPv6 only value', 'default both ipv6-only', { booleans: ['both', 'ipv6-only'] }),
  ),
  directive('BindToDevice', interfaceName),
  ...directives(commands, 'ExecStartPre ExecStartPost ExecStopPre ExecStopPost'),
  directive('TimeoutSec', secondsZeroInfinity),
  ...directives(account, 'SocketUser SocketGroup'),
  ...directives(mode, 'SocketMode DirectoryMode'),
  ...directives(
    boolean,
    'Accept FlushPending Writable KeepAlive NoDelay FreeBind Transparent Broadcast PassCredentials',
  ),
  ...directives(boolean, 'PassSecurity PassPacketInfo ReusePort RemoveOnStop SELinuxContextFromNet'),
  directive('PassFileDescriptorsToExec', boolean, { since: 256 }),
  ...directives(unsigned, 'Backlog MaxConnections MaxConnectionsPerSource KeepAliveProbes TriggerLimitBurst'),
  directive('PollLimitBurst', unsigned, { since: 255 }),
  ...directives(seconds, 'KeepAliveTimeSec KeepAliveIntervalSec DeferAcceptSec TriggerLimitIntervalSec'),
  directive('PollLimitIntervalSec', seconds, { since: 255 }),
  ...directives(integer, 'Priority IPTTL Mark'),
  directive('IPTOS', typeOfService),
  ...directives(binarySize, 'ReceiveBuffer SendBuffer PipeSize'),
  directive('Timestamping', oneOf('timestamping value', 'off us ns', { booleans: ['off', 'ns'] }), { since: 247 }),
  directive('TCPCongestion', plainText),
  ...directives(long, 'MessageQueueMaxMessages MessageQueueMessageSize'),
  directive('Symlinks', paths),
  directive('FileDescriptorName', fileDescriptorName),
  directive('Service', triggeredUnit('.service')),
  ...directives(text, 'SmackLabel SmackLabelIPIn SmackLabelIPOut'),
];
