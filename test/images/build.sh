#!/bin/bash
# Builds the real images that the end-to-end suite and the benchmarks judge: Debian trixie k3s nodes, made the way ISAR makes
# them (mmdebstrap, Debian packages, unit presets, wic's disk layout). Needs root and the Debian packages of tools.txt.
#   build.sh [OUTDIR]      default OUTDIR: build/images
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
out=${1:-$here/../../build/images}
mkdir -p "$out"
out=$(cd "$out" && pwd)
work=$out/.work
mkdir -p "$work"
export SOURCE_DATE_EPOCH=1767225600 LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive
# shellcheck source=node.sh
. "$here/node.sh"
# shellcheck source=disk.sh
. "$here/disk.sh"

[ "$(id -u)" = 0 ] || { echo 'build.sh: must run as root (mmdebstrap, chroot, device nodes)' >&2; exit 2; }

bootstrap amd64 "$work/base-amd64.tar"

node server amd64 simple "$work/server"
tree_images "$work/server" "$out/k3s-server"
disk_image "$work/server" "$out/k3s-server.wic" amd64
side_files "$work/server" "$out/k3s-server"
compressed "$out/k3s-server.wic"
xz -T2 -0 --block-size=16MiB -k -f "$out/k3s-server.tar"

# The network profiles: the root file system tells all there is to tell.
for profile in vlans bonding-vlans; do
  node server amd64 "$profile" "$work/$profile"
  tree_images "$work/$profile" "$out/k3s-server-${profile%-vlans}" ext4
  rm -rf "${work:?}/$profile"
done

node agent amd64 simple "$work/agent"
disk_image "$work/agent" "$out/k3s-agent.wic" amd64
side_files "$work/agent" "$out/k3s-agent"

foreign_node server arm64 simple "$work/server-arm64"
tree_images "$work/server-arm64" "$out/k3s-server-arm64" ext4

# The folder shape: what IMAGE_ROOTFS holds at the end of a build.
rm -rf "$out/k3s-server.rootfs"
mv "$work/server" "$out/k3s-server.rootfs"
rm -rf "$work/agent" "$work/server-arm64"

# The same node as a NixOS system.
"$here/nixos.sh" "$out"
ls -lsh "$out"
