#!/bin/bash
# Boots a root file system tree with systemd-nspawn (no kernel, no hardware, no network) and records what its own systemd says at
# run time: the truth that answers from the files alone are held against. The tree is not changed (an overlay takes the writes).
# Usage: boot-truth.sh ROOTFS OUTDIR      (root; Debian package systemd-container; about half a minute)
# OUTDIR/out gets
#   show-all.txt     systemctl show of every unit file and every loaded unit, each after a line `=== NAME`
#   unit-files.txt   systemctl list-unit-files        units.txt     systemctl list-units --all
#   tree*.txt        systemctl list-dependencies      cat.txt       systemctl cat
#   enabled.txt      systemctl is-enabled             sysctl.txt    sysctl -a
#   mounts.txt, journal.txt, failed.txt
# The two files that make the recording are instruments: a service `truth.service` and a drop-in that pulls it in.
set -u
root=$(realpath "$1")
out=$(realpath -m "$2")
mkdir -p "$out/wants.d"
rm -rf "$out/out"
printf '[Unit]\nWants=truth.service\n' > "$out/wants.d/truth.conf"
cat > "$out/truth.service" <<'UNIT'
[Unit]
Description=truth
[Service]
Type=simple
ExecStart=/bin/sh -c "sleep 12; sh /truth/record.sh; systemctl poweroff -ff"
UNIT
cat > "$out/record.sh" <<'RECORD'
to=/truth/out
mkdir -p $to
export SYSTEMD_PAGER= LC_ALL=C.UTF-8
systemctl list-unit-files > $to/unit-files.txt
systemctl list-units --all --plain --no-legend > $to/units.txt
{ systemctl list-unit-files --no-legend | awk '{print $1}'; awk '{print $1}' $to/units.txt; } | grep -v '@\.' | sort -u |
  while read -r unit; do echo "=== $unit"; systemctl show -- "$unit"; done > $to/show-all.txt 2> /dev/null
systemctl list-dependencies > $to/tree.txt
systemctl list-dependencies --all ssh.service > $to/tree-all.txt
systemctl list-dependencies --after ssh.service > $to/tree-after.txt
systemctl list-dependencies --plain ssh.service basic.target > $to/tree-plain.txt
systemctl cat k3s-server.service ssh dbus hwclock.service getty@tty1.service rc-local > $to/cat.txt
for unit in ssh nope hwclock.service dbus autovt@.service serial-getty@ttyS0.service sshd@.service; do
  systemctl is-enabled $unit
  echo "exit $?"
done > $to/enabled.txt 2> /dev/null
sysctl -a > $to/sysctl.txt 2> /dev/null
findmnt -rn > $to/mounts.txt
journalctl -b -o short-monotonic > $to/journal.txt
systemctl --failed --no-legend > $to/failed.txt
sync
RECORD
SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 SYSTEMD_NSPAWN_USE_CGNS=1 timeout 170 \
  systemd-nspawn -D "$root" --volatile=overlay --register=no --keep-unit --private-network --bind="$out:/truth" \
  --bind-ro="$out/truth.service:/etc/systemd/system/truth.service" \
  --bind-ro="$out/wants.d:/etc/systemd/system/multi-user.target.d" --boot > "$out/nspawn.log" 2>&1
test -s "$out/out/failed.txt" -o -s "$out/out/show-all.txt"
