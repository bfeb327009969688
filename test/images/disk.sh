#!/bin/bash
# shellcheck disable=SC2154
# Image files from a root file system tree. Sourced by build.sh.

ESP_MIB=${ESP_MIB:-256}
ROOT_RESERVE_MIB=${ROOT_RESERVE_MIB:-512}
ROOT_UUID=5f3c1c8e-0b1d-4a57-9d0e-3a8a3a0f7c11
ROOT_PARTUUID=7d3f2a6c-9d1e-4b5a-8c7e-2f1b0a9d8e7f
ESP_PARTUUID=1b2c3d4e-5f60-4718-8293-a4b5c6d7e8f9

ext4_file() { # TREE FILE LABEL RESERVE_MIB
  local kb
  kb=$(du -sk --apparent-size "$1" | cut -f1)
  rm -f "$2"
  mke2fs -q -F -t ext4 -b 4096 ${3:+-L "$3"} -U "$ROOT_UUID" -E hash_seed="$ROOT_UUID" -d "$1" "$2" "$((kb * 11 / 10 / 1024 + $4))M"
}

tree_images() { # TREE BASE [KIND]: the bare shapes: .ext4 and .tar
  ext4_file "$1" "$2.ext4" '' 64
  [ "${3:-}" = ext4 ] && return
  tar --sort=name --xattrs --xattrs-include='security.capability' --numeric-owner -S -C "$1" -cf "$2.tar" .
}

side_files() { # TREE BASE
  # shellcheck disable=SC2016
  dpkg-query --admindir="$1/var/lib/dpkg" -W -f '${source:Package}|${source:Version}|${Package}:${Architecture}|${Version}\n' > "$2.manifest"
  cp "$1/var/lib/dpkg/status" "$2.dpkg_status"
}

compressed() { # FILE
  zstd -q -T2 -6 -f -k "$1"
  pigz -6 -n -k -f "$1"
  xz -T2 -0 --block-size=16MiB -k -f "$1"
}

disk_image() { # TREE FILE ARCH: GPT, ESP "efi" with systemd-boot, ext4 "platform" with an emptied /boot, as wic lays it out
  local esp=$work/esp stage=$work/esp-tree kernel boot=BOOTX64.EFI loader=systemd-bootx64.efi root_mib total
  [ "$3" = arm64 ] && { boot=BOOTAA64.EFI; loader=systemd-bootaa64.efi; }
  rm -rf "$stage" "${work:?}/boot" && mkdir -p "$stage/EFI/BOOT" "$stage/loader/entries"
  kernel=$(basename "$1"/usr/lib/modules/*)
  find "$1/boot" -type f -exec cp {} "$stage/" \;
  cp "$1/usr/lib/systemd/boot/efi/$loader" "$stage/EFI/BOOT/$boot"
  printf 'default boot\ntimeout 3\n' > "$stage/loader/loader.conf"
  cat > "$stage/loader/entries/boot.conf" <<C
title boot
linux /vmlinuz-$kernel
options LABEL=Boot root=PARTUUID=$ROOT_PARTUUID rootwait net.ifnames=0 biosdevname=0 quiet loglevel=1 console=ttyS0,115200
initrd /initrd.img-$kernel
C
  rm -f "$esp"
  truncate -s "${ESP_MIB}M" "$esp"
  mkfs.vfat -n efi -i 4a7b21c9 "$esp" > /dev/null
  (cd "$stage" && mcopy -s -m -i "$esp" ./* ::/)

  mv "$1/boot" "$work/boot" && mkdir -m 0755 "$1/boot" && cp "$1/etc/fstab" "$work/fstab"
  printf 'UUID=%s\t/\text4\tdefaults\t0\t0\nUUID=4A7B-21C9\t/boot\tvfat\tdefaults\t0\t0\n' "$ROOT_UUID" >> "$1/etc/fstab"
  ext4_file "$1" "$work/platform" platform "$ROOT_RESERVE_MIB"
  cp "$work/fstab" "$1/etc/fstab" && rmdir "$1/boot" && mv "$work/boot" "$1/boot"

  root_mib=$(($(stat -c %s "$work/platform") / 1048576))
  total=$((1 + ESP_MIB + root_mib + 1))
  rm -f "$2"
  truncate -s "${total}M" "$2"
  sgdisk --clear --disk-guid=2F4E6C1A-8B3D-4C5E-9F70-112233445566 \
    --new="1:1M:+${ESP_MIB}M" --typecode=1:EF00 --change-name=1:efi --partition-guid=1:$ESP_PARTUUID \
    --new="2:$((1 + ESP_MIB))M:+${root_mib}M" --typecode=2:8300 --change-name=2:platform --partition-guid=2:$ROOT_PARTUUID "$2" > /dev/null
  dd if="$esp" of="$2" bs=1M seek=1 conv=notrunc,sparse status=none
  dd if="$work/platform" of="$2" bs=1M seek="$((1 + ESP_MIB))" conv=notrunc,sparse status=none
  rm -rf "$esp" "$work/platform" "$stage" "$work/fstab"
}
