#!/bin/bash
# Makes samples/images/k3s-server.wic.zst: the built server node cut down to what a contract looks at, as a whole disk of at most
# 1 MiB. Every program but k3s becomes one tiny static executable; texts, units, links, modes and the disk layout stay real.
#   sample.sh TREE      TREE: build/images/k3s-server.rootfs, made by build.sh
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
tree=$(cd "$1" && pwd)
out=$(cd "$here/../../samples/images" && pwd)/k3s-server.wic
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export SOURCE_DATE_EPOCH=1767225600 LC_ALL=C.UTF-8 ESP_MIB=48 ROOT_RESERVE_MIB=8
# shellcheck source=node.sh
. "$here/node.sh"
# shellcheck source=disk.sh
. "$here/disk.sh"
small=$work/tree
release=$(basename "$tree"/usr/lib/modules/*)
modules=$small/usr/lib/modules/$release

# The skeleton, configuration, units and the package database.
mkdir -p "$small"
(cd "$tree" && find . -xdev -maxdepth 1 \( -type d -o -type l \) -print0 && find ./var ./home ./root ./srv ./run -type d -print0) |
  (cd "$tree" && cpio -0pdm --quiet "$small")
(cd "$tree" && find ./etc ./usr/lib/os-release ./usr/lib/systemd/system ./usr/lib/systemd/system-preset ./usr/lib/sysctl.d ./usr/lib/sysusers.d \
  ./usr/lib/tmpfiles.d ./usr/lib/modprobe.d ./usr/lib/systemd/network ./var/lib/rancher ./var/lib/dpkg/arch \
  ./usr/share/dbus-1/system-services ! -path './etc/ssl/*' ! -path './etc/ssh/moduli' ! -path './etc/*-' -print0) |
  (cd "$tree" && cpio -0pdm --quiet "$small")
awk -v RS= -v ORS='\n\n' '{ sub(/\nDescription:.*/, ""); print }' "$tree/var/lib/dpkg/status" > "$small/var/lib/dpkg/status"

# One static x86-64 executable that exits at once stands for every program; names and links are the real ones.
cat > "$work/exit.s" <<'S'
.globl _start
_start: mov $60, %eax
        xor %edi, %edi
        syscall
S
gcc -nostdlib -static -s -Wl,--build-id=none -Wl,-z,noseparate-code -o "$work/exit" "$work/exit.s"
mkdir -p "$small/usr/bin" "$small/usr/sbin" "$small/usr/lib/systemd"
for folder in usr/bin usr/sbin usr/lib/systemd; do
  find "$tree/$folder" -maxdepth 1 \( -type f -perm -0100 ! -name k3s \) -printf '%f\n' | sort | while read -r name; do
    if [ -e "$work/first" ]; then ln "$work/first" "$small/$folder/$name"; else
      install -m 0755 "$work/exit" "$small/$folder/$name" && ln "$small/$folder/$name" "$work/first"
    fi
  done
  (cd "$tree" && find "./$folder" -maxdepth 1 -type l -print0) | (cd "$tree" && cpio -0pdm --quiet "$small")
done
rm -f "$work/first"

# k3s: the real Go program, its payload replaced by a hole.
(cd "$here/k3s" && CGO_ENABLED=0 GOFLAGS=-buildvcs=false GOCACHE="$work/go" GOARCH=amd64 \
  go build -ldflags "-s -w -X github.com/k3s-io/k3s/pkg/version.Version=$K3S_VERSION" -o "$small/usr/bin/k3s" .)
truncate -s 40M "$small/usr/bin/k3s"
chmod 0755 "$small/usr/bin/k3s"

# An empty file for each of some modules and of all they depend on, and the index that depmod makes of the real ones.
stub_modules() { # DIR MODULE...
  local dir=$1 real=$tree/usr/lib/modules/$release whole=$work/depmod/lib/modules/$release
  shift
  rm -rf "$work/depmod"
  mkdir -p "$dir" "$whole"
  cp "$real"/modules.{order,builtin,builtin.modinfo} "$whole/"
  for name in "$@"; do
    { grep -E "^[^:]*/$name\\.ko" "$real/modules.dep" || echo "sample.sh: the kernel has no module $name" >&2; } | tr -d : | tr ' ' '\n'
  done | sort -u | while read -r file; do
    mkdir -p "$dir/$(dirname "$file")" "$whole/$(dirname "$file")"
    cp "$real/$file" "$whole/$file"
    : | xz --check=crc32 -c > "$dir/$file"
  done
  depmod -b "$work/depmod" "$release"
  cp "$whole"/modules.dep{,.bin} "$dir/"
}

# Kernel: the modules the contract names and what they need, and indexes cut to them.
mkdir -p "$modules"
cp "$tree/usr/lib/modules/$release/modules.builtin" "$modules/"
stub_modules "$modules" overlay br_netfilter iscsi_tcp dm-crypt 8021q bonding nf_tables nft_compat ip_tables iptable_filter iptable_nat vxlan wireguard
grep -E '^CONFIG_|^# CONFIG_[A-Z0-9_]* is not set' "$tree/boot/config-$release" | grep -vE '^# |_(SND|DRM|USB|VIDEO|SENSORS|REGULATOR|INPUT|HID|CAN|IIO|MEDIA|WLAN|GPIO|LEDS)_' > "$small/boot/config-$release"
head -c 65536 "$tree/boot/vmlinuz-$release" > "$small/boot/vmlinuz-$release"
truncate -r "$tree/boot/vmlinuz-$release" "$small/boot/vmlinuz-$release"
mkdir -p "$work/initrd"
install -m 0755 "$work/exit" "$work/initrd/init"
stub_modules "$work/initrd/usr/lib/modules/$release" virtio_blk virtio_scsi nvme ahci sd_mod ext4
cp "$modules/modules.builtin" "$work/initrd/usr/lib/modules/$release/"
(cd "$work/initrd" && find . | sort | cpio --quiet --reproducible -H newc -o | zstd -q) > "$small/boot/initrd.img-$release"
install -D -m 0644 "$tree/usr/lib/systemd/boot/efi/systemd-bootx64.efi" "$small/usr/lib/systemd/boot/efi/systemd-bootx64.efi"

# One thing to look at: a drop-in that narrows Delegate=, which the contract marks as "should".
install -d "$small/etc/systemd/system/k3s-server.service.d"
printf '[Service]\nDelegate=\nDelegate=cpu memory pids\n' > "$small/etc/systemd/system/k3s-server.service.d/10-delegate.conf"
find "$small" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +

disk_image "$small" "$out" amd64
zstd -q --ultra -22 -f --rm "$out"
ls -l "$out.zst"
