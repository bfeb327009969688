/** Names that systemd passes over in directories of configuration, units and scripts: path-util.c (hidden_or_backup_file). */
const backupSuffixes = new Set(
  'rpmnew rpmsave rpmorig dpkg-old dpkg-new dpkg-tmp dpkg-dist dpkg-bak dpkg-backup dpkg-remove ucf-new ucf-old ucf-dist swp bak old new'.split(
    ' ',
  ),
);

export function isHiddenOrBackup(name: string): boolean {
  if (name.startsWith('.') || name.endsWith('~')) return true;
  if (name === 'lost+found' || name === 'aquota.user' || name === 'aquota.group') return true;
  const dot = name.lastIndexOf('.');
  return dot >= 0 && backupSuffixes.has(name.slice(dot + 1));
}
