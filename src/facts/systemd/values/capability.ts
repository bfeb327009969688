/** Names of Linux capabilities in the order of their numbers. capability.h, Linux 6.12. */
export const allCapabilities: readonly string[] = [
  'chown dac_override dac_read_search fowner fsetid kill setgid setuid setpcap linux_immutable net_bind_service',
  'net_broadcast net_admin net_raw ipc_lock ipc_owner sys_module sys_rawio sys_chroot sys_ptrace sys_pacct sys_admin',
  'sys_boot sys_nice sys_resource sys_time sys_tty_config mknod lease audit_write audit_control setfcap mac_override',
  'mac_admin syslog wake_alarm block_suspend audit_read perfmon bpf checkpoint_restore',
]
  .join(' ')
  .split(' ')
  .map((name) => `cap_${name}`);

/** The lower-case name for a name or a number; undefined if there is no such capability. */
export function parseCapability(text: string): string | undefined {
  if (/^[0-9]{1,2}$/.test(text)) return allCapabilities[Number(text)];
  const name = text.toLowerCase();
  return allCapabilities.find((known) => known === name);
}
