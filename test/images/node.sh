#!/bin/bash
# shellcheck disable=SC2154
# Root file system trees of k3s nodes. Sourced by build.sh: uses $here, $work, $SOURCE_DATE_EPOCH.

K3S_VERSION=${K3S_VERSION:-v1.32.5+k3s1}
DEBIAN_VERSION=${K3S_VERSION#v}
DEBIAN_VERSION=${DEBIAN_VERSION%%+*}

# What ISAR's kas configuration and the k3s recipes pull in.
PACKAGES=systemd,systemd-sysv,udev,dbus,initramfs-tools,iptables,nftables,iproute2,kmod,socat,ipset,ethtool,conntrack,bridge-utils
PACKAGES=$PACKAGES,util-linux,mount,ca-certificates,openssh-server,systemd-boot-efi,procps,zstd,curl,vim-tiny,less,iputils-ping,ipvsadm
PACKAGES=$PACKAGES,login,passwd,e2fsprogs,libcap2-bin

bootstrap() { # ARCH TAR
  [ -s "$2" ] && return
  mmdebstrap --quiet --variant=minbase --architectures="$1" --include="$PACKAGES,linux-image-$1" \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' --aptopt='Acquire::Languages "none"' \
    --format=tar trixie "$2.part"
  mv "$2.part" "$2"
}

k3s_program() { # ARCH FILE: a static Go executable with k3s' version, followed by a payload as upstream's has
  (cd "$here/k3s" && CGO_ENABLED=0 GOFLAGS=-buildvcs=false GOCACHE="$work/go" GOARCH="$1" \
    go build -ldflags "-s -w -X github.com/k3s-io/k3s/pkg/version.Version=$K3S_VERSION" -o "$2" .)
  openssl enc -aes-128-ctr -nosalt -pass pass:k3s -pbkdf2 -in /dev/zero 2>/dev/null | head -c 40000000 >> "$2" || true
  chmod 0755 "$2"
}

control() { # DIR NAME VERSION ARCH DEPENDS
  mkdir -p "$1/DEBIAN"
  cat > "$1/DEBIAN/control" <<C
Package: $2
Version: $3
Architecture: $4
Maintainer: check-image test images <nobody@example.org>
Depends: $5
Section: misc
Priority: optional
Description: $2 as the K3s image configuration contract wants it
C
  (cd "$1" && find . -type f -path './etc/*' | sed 's/^\.//' | sort > DEBIAN/conffiles)
}

k3s_package() { # ROLE ARCH DEB PROFILE
  local d=$work/pkg-k3s-$1-$2 depends='iptables, nftables, iproute2, kmod, socat, ipset, ethtool, conntrack, bridge-utils, util-linux, systemd'
  rm -rf "$d"
  mkdir -p "$d/usr/bin" "$d/usr/lib/systemd/system" "$d/etc/default" "$d/etc/rancher/k3s" "$d/var/lib/rancher/k3s"
  k3s_program "$2" "$d/usr/bin/k3s"
  for name in kubectl crictl ctr; do ln -s k3s "$d/usr/bin/$name"; done
  cp "$here/files/k3s-$1.service" "$d/usr/lib/systemd/system/"
  cp "$here/files/k3s-$1.default" "$d/etc/default/k3s-$1"
  case $4 in
    vlans) sed -i 's/eth1/eth1.200/; s/192\.168\.1\./192.168.200./' "$d/etc/default/k3s-$1" ;;
    bonding-vlans) sed -i 's/eth1/bond0.200/; s/192\.168\.1\./192.168.200./' "$d/etc/default/k3s-$1" ;;
  esac
  if [ "$1" = server ]; then
    install -d -m 0700 "$d/var/lib/rancher/k3s/server"
    install -m 0600 "$here/files/token" "$d/var/lib/rancher/k3s/server/token"
  else
    install -m 0600 "$here/files/token" "$d/etc/rancher/k3s/agent-token"
  fi
  control "$d" "k3s-$1" "$DEBIAN_VERSION" "$2" "$depends"
  dpkg-deb --root-owner-group -Znone --build "$d" "$3" > /dev/null
  rm -rf "$d"
}

config_packages() { # ROLE PROFILE DIR
  local d=$work/pkg-config
  rm -rf "$d"
  mkdir -p "$d/etc/sysctl.d" "$d/etc/modules-load.d"
  cp "$here/files/99-k3s.conf" "$d/etc/sysctl.d/"
  cp "$here/files/k3s.conf" "$d/etc/modules-load.d/"
  echo "$1-1" > "$d/etc/hostname"
  control "$d" k3s-system-config 1.0 all 'systemd, kmod'
  dpkg-deb --root-owner-group -Znone --build "$d" "$3/k3s-system-config.deb" > /dev/null
  rm -rf "$d"
  mkdir -p "$d/etc/systemd/network"
  cp "$here/files/network-$2/"* "$d/etc/systemd/network/"
  if [ "$1" = agent ]; then sed -i -E 's/(192\.168\.[0-9]+\.)1\//\13\//' "$d/etc/systemd/network/"*.network; fi
  control "$d" systemd-networkd-config 1.0 all systemd
  dpkg-deb --root-owner-group -Znone --build "$d" "$3/systemd-networkd-config.deb" > /dev/null
  rm -rf "$d"
}

node() { # ROLE ARCH PROFILE TREE
  local debs=$work/debs-$1
  rm -rf "$4" "$debs"
  mkdir -p "$4" "$debs"
  tar -xpf "$work/base-$2.tar" --xattrs --xattrs-include='*' -C "$4"
  k3s_package "$1" "$2" "$debs/k3s-$1.deb" "$3"
  config_packages "$1" "$3" "$debs"
  rm -f "$4/etc/hostname" "$4/etc/resolv.conf"
  cp "$debs"/*.deb "$4/"
  chroot "$4" sh -c 'dpkg --force-confnew -i /*.deb > /dev/null && rm /*.deb'
  chroot "$4" systemctl preset-all --preset-mode=enable-only 2> /dev/null
  postprocess "$4"
  rm -rf "$debs"
}

# Essential packages: mmdebstrap's variant extract unpacks what it is told to, and nothing by itself.
ESSENTIAL=base-files,base-passwd,bash,bsdutils,coreutils,dash,debianutils,diffutils,dpkg,findutils,grep,gzip,hostname,init-system-helpers
ESSENTIAL=$ESSENTIAL,libc-bin,login.defs,ncurses-base,ncurses-bin,perl-base,sed,sysvinit-utils,tar,util-linux

postinst_files() { # TREE: what the postinst of base-passwd, base-files, kmod, tar, ca-certificates and iptables would make
  local name
  for name in passwd group; do cp "$1/usr/share/base-passwd/$name.master" "$1/etc/$name"; done
  : > "$1/etc/environment"
  : > "$1/etc/modules"
  cat "$1"/usr/share/ca-certificates/mozilla/*.crt > "$1/etc/ssl/certs/ca-certificates.crt"
  ln -sf /etc/alternatives/rmt "$1/usr/sbin/rmt" && ln -sf /usr/sbin/rmt-tar "$1/etc/alternatives/rmt"
  for name in iptables ip6tables; do
    ln -sf "/etc/alternatives/$name" "$1/usr/sbin/$name" && ln -sf "/usr/sbin/$name-nft" "$1/etc/alternatives/$name"
  done
}

# A node of another architecture: packages are unpacked, not configured, since their scripts cannot run here.
foreign_node() { # ROLE ARCH PROFILE TREE
  local debs=$work/debs-$2
  rm -rf "$4" "$debs"
  mkdir -p "$4" "$debs"
  mmdebstrap --quiet --format=tar --variant=extract --architectures="$2" --include="$ESSENTIAL,$PACKAGES,linux-image-$2" \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' --aptopt='Acquire::Languages "none"' \
    --customize-hook="mkdir -p '$debs' && cp \"\$1\"/var/cache/apt/archives/*.deb '$debs/' || true" \
    --skip=cleanup/apt/cache trixie "$work/base-$2.tar"
  tar -xpf "$work/base-$2.tar" -C "$4"
  rm -f "$work/base-$2.tar"
  k3s_package "$1" "$2" "$debs/k3s-$1.deb" "$3"
  config_packages "$1" "$3" "$debs"
  mkdir -p "$4/var/lib/dpkg/info"
  : > "$4/var/lib/dpkg/status"
  for deb in "$4"/var/cache/apt/archives/*.deb "$debs"/*.deb; do
    [ -e "$deb" ] || continue
    case $deb in "$debs"/k3s*|"$debs"/systemd-networkd*) dpkg-deb -x "$deb" "$4" ;; esac
    dpkg-deb -f "$deb" | sed '/^Package:/a Status: install ok installed' >> "$4/var/lib/dpkg/status"
    echo >> "$4/var/lib/dpkg/status"
  done
  mkdir -p "$4/etc/systemd/system/multi-user.target.wants" "$4/etc/systemd/system/network-online.target.wants" "$4/etc/alternatives"
  postinst_files "$4"
  ln -sf /usr/lib/systemd/system/systemd-networkd-wait-online.service "$4/etc/systemd/system/network-online.target.wants/"
  ln -sf "/usr/lib/systemd/system/k3s-$1.service" "$4/etc/systemd/system/multi-user.target.wants/"
  local release
  release=$(basename "$4"/usr/lib/modules/*)
  depmod -b "$4" "$release"
  : > "$4/boot/initrd.img-$release"
  postprocess "$4"
  rm -rf "$debs"
}

postprocess() { # TREE: what ISAR does to every root file system
  echo uninitialized > "$1/etc/machine-id"
  rm -f "$1/var/lib/dbus/machine-id" "$1"/etc/ssh/ssh_host_*key* "$1/etc/resolv.conf"
  ln -sf /dev/null "$1/etc/systemd/system/systemd-firstboot.service"
  rm -rf "$1"/var/lib/apt/lists/* "$1"/var/cache/apt/* "$1"/tmp/* "$1"/var/log/*.log "$1"/var/log/apt "$1"/var/cache/debconf/*-old
  find "$1/usr" -name __pycache__ -prune -exec rm -rf {} +
  cp "$here/files/fstab" "$1/etc/fstab"
  local stamp
  stamp=$(printf 'BUILD_ID="v1.2-14-g3cc1aa6"\nVARIANT="n3x k3s node image"\nVARIANT_VERSION="1.0"')
  printf '%s\n' "$stamp" >> "$1/usr/lib/os-release"
}
