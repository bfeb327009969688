#!/bin/bash
# Builds a NixOS system of some 400 store paths, of the Debian node's own files: once installed, with the database Nix itself
# makes, once as a store alone that has no records. Needs root and the Debian packages of tools.txt.
#   nixos.sh [OUTDIR]      default OUTDIR: build/images, where build.sh has been
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
out=$(cd "${1:-$here/../../build/images}" && pwd)
tree=${CHECK_IMAGE_TREE:-$out/k3s-server.rootfs}
work=$(mktemp -d "$out/.nixos-XXXXXX")
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
export LC_ALL=C.UTF-8
fixtures=$here/../fixtures/nixos

top=$(python3 "$here/nixos.py" "$tree" "$work/src")
python3 "$fixtures/tree.py" reg "$work/src" "$work/registration"
echo "$(find "$work/src/nix/store" -mindepth 1 -maxdepth 1 | wc -l) store paths"
python3 "$fixtures/tree.py" shape "$work/src/nix/store" "$work/installed" installed "$top"
env -u NIX_REMOTE NIX_STATE_DIR="$work/installed/nix/var/nix" NIX_LOCALSTATE_DIR="$work/installed/nix/var" nix-store --load-db < "$work/registration"
rm -rf "$work/installed/nix/var/nix/db/"{reserved,big-lock} "$work/installed/nix/var/nix/gc.lock"
size=$(($(du -sk --apparent-size "$work/installed" | cut -f1) * 13 / 10 + 65536))
rm -f "$out/nixos-server.ext4"
mke2fs -q -t ext4 -b 4096 -L nixos -d "$work/installed" "$out/nixos-server.ext4" "${size}k"
mkfs.erofs -T1 --quiet --all-root "$out/nixos-server.store" "$work/src/nix/store"
ls -lsh "$out"/nixos-server.*
