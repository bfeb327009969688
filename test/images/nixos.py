#!/usr/bin/env python3
"""Lays a Debian node out as a NixOS system of some 400 store paths: a path for each package, unit and file of /etc, with real
contents and real references. Prints the toplevel.

  nixos.py TREE OUT     TREE: build/images/k3s-server.rootfs; OUT/nix/store is filled
"""
import os, re, shutil, stat, subprocess, sys
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../fixtures/nixos"))
from tree import inside, store_name

ETC = ("default", "init.d", "rc", "ssh", "systemd", "alternatives", "apt", "dpkg", "kernel", "ld.so", "cron", "logrotate", "rancher", "ssl")


def path(name):
    return "/nix/store/" + store_name(re.sub(r"[^A-Za-z0-9+._?=-]", "-", name))


def packages(tree):
    """Package, version and the files dpkg lists for it, /usr merged."""
    for record in open(tree + "/var/lib/dpkg/status").read().split("\n\n"):
        field = dict(re.findall(r"^(Package|Version|Architecture): (.*)$", record, re.M))
        if "Version" not in field:
            continue
        base = f"{tree}/var/lib/dpkg/info/{field['Package']}"
        lists = [p for p in (base + ".list", f"{base}:{field['Architecture']}.list") if os.path.exists(p)]
        files = [re.sub(r"^/(s?bin|lib|lib64)/", r"/usr/\1/", line) for p in lists for line in open(p).read().split("\n")]
        yield field["Package"], field["Version"], [f for f in files if f]


def main(tree, out):
    owner, copies = {}, []
    for name, version, files in packages(tree):
        home = path(f"{name}-{version}")
        for f in files:
            if f.startswith("/usr/") and os.path.lexists(tree + f) and (os.path.islink(tree + f) or os.path.isfile(tree + f)):
                owner[f] = home + f[4:]; copies.append((f, owner[f]))

    def put(rel, data, mode=0o444):
        p = out + rel; os.makedirs(os.path.dirname(p), exist_ok=True)
        with open(p, "wb") as f:
            f.write(data.encode() if isinstance(data, str) else data)
        os.chmod(p, mode)

    def ln(target, rel):
        p = out + rel; os.makedirs(os.path.dirname(p), exist_ok=True)
        if not os.path.lexists(p):
            os.symlink(target, p)

    def moved(text):
        return re.sub(r"/(?:usr/)?(s?bin|lib)/[A-Za-z0-9._+@/-]+", lambda m: owner.get("/usr" + m[0].removeprefix("/usr"), m[0]), text)

    for f, to in copies:
        source = tree + f
        if os.path.islink(source):
            target = os.path.normpath(os.path.join(os.path.dirname(f), os.readlink(source)))
            ln(owner.get(re.sub(r"^/(s?bin|lib|lib64)/", r"/usr/\1/", target), os.readlink(source)), to)
        elif "/systemd/system/" in f:
            put(to, moved(open(source).read()))
        else:
            os.makedirs(os.path.dirname(out + to), exist_ok=True); shutil.copyfile(source, out + to)
            os.chmod(out + to, 0o555 if os.stat(source).st_mode & 0o111 else 0o444)
    sw = path("system-path")
    for f, to in copies:
        if re.match(r"/usr/s?bin/[^/]+$", f):
            ln(to, f"{sw}/bin/{os.path.basename(f)}")
    ln("bin", sw + "/sbin")
    bash = owner["/usr/bin/bash"]; ln(bash, sw + "/bin/sh")
    k3s = path("k3s-1.32.5+k3s1"); os.makedirs(out + k3s + "/bin")
    shutil.copyfile(tree + "/usr/bin/k3s", out + k3s + "/bin/.k3s-wrapped"); os.chmod(out + k3s + "/bin/.k3s-wrapped", 0o555)
    tools = ":".join(sorted({os.path.dirname(owner[p]) for t in ("modprobe", "iptables", "ip", "ipset", "ethtool", "conntrack", "nsenter") for p in (f"/usr/sbin/{t}", f"/usr/bin/{t}") if p in owner}))
    put(k3s + "/bin/k3s", f'#! {bash} -e\nPATH={tools}:$PATH\nexport PATH\nexec -a "$0" "{k3s}/bin/.k3s-wrapped" "$@"\n', 0o555)
    for name in ("k3s", "kubectl", "crictl", "ctr"):
        if os.path.lexists(f"{out}{sw}/bin/{name}"):
            os.unlink(f"{out}{sw}/bin/{name}")
        ln(f"{k3s}/bin/k3s", f"{sw}/bin/{name}")
    release = os.listdir(tree + "/usr/lib/modules")[0]
    kernel, modules = path(f"linux-{release}"), path(f"linux-{release}-modules")
    shutil.copytree(f"{tree}/usr/lib/modules/{release}", f"{out}{kernel}/lib/modules/{release}", symlinks=True, dirs_exist_ok=True)
    ln(kernel + "/lib", modules + "/lib")
    boot = {n.split("-")[0]: n for n in os.listdir(tree + "/boot") if not os.path.islink(f"{tree}/boot/{n}")}
    shutil.copyfile(f"{tree}/boot/{boot['vmlinuz']}", f"{out}{kernel}/bzImage")
    initrd = path(f"initrd-linux-{release}"); os.makedirs(out + initrd)
    if "initrd.img" in boot:
        shutil.copyfile(f"{tree}/boot/{boot['initrd.img']}", f"{out}{initrd}/initrd")
    # Units: upstream ones by link, those of the node as store paths of their own; what is wanted by what as the node has it
    su = path("system-units")
    for f, to in copies:
        match = re.match(r"/usr/lib/systemd/system/(.+)$", f)
        if match and not match[1].startswith("k3s"):
            ln(to if not os.path.islink(tree + f) or os.readlink(tree + f).startswith("/") else os.readlink(tree + f), f"{su}/{match[1]}")
    for folder, _, names in os.walk(tree + "/etc/systemd/system"):
        below = os.path.relpath(folder, tree + "/etc/systemd/system")
        for name in names:
            if folder.endswith((".wants", ".requires")) and not name.startswith("k3s"):
                ln(f"../{name}", f"{su}/{below}/{name}")
    for unit in sorted(os.listdir(out + su)):
        if unit.endswith(".service") and os.path.islink(f"{out}{su}/{unit}") and os.path.isfile(inside(out, f"{su}/{unit}")):
            name = re.sub(r"[@:\\]", "-", unit); home = path(f"unit-{name}")
            put(f"{home}/{unit}", open(inside(out, f"{su}/{unit}")).read()); os.unlink(f"{out}{su}/{unit}"); ln(f"{home}/{unit}", f"{su}/{unit}")
    own = {
        "k3s.service": f"[Unit]\nAfter=network-online.target\nDescription=k3s service\nWants=network-online.target\n\n[Service]\nDelegate=yes\nExecStart={k3s}/bin/k3s server \\\n --token-file /var/lib/k3s/token \\\n --flannel-iface=eth1\nKillMode=process\nLimitCORE=infinity\nLimitNOFILE=1048576\nLimitNPROC=infinity\nRestart=always\nRestartSec=5s\nTasksMax=infinity\nType=notify\n\n[Install]\nWantedBy=multi-user.target\n",
    }
    for unit, text in own.items():
        home = path("unit-" + unit); put(f"{home}/{unit}", text); ln(f"{home}/{unit}", f"{su}/{unit}"); ln(f"../{unit}", f"{su}/multi-user.target.wants/{unit}")
    etc = path("etc"); ln(su, etc + "/etc/systemd/system")
    for folder, dirs, names in os.walk(tree + "/etc"):
        below = os.path.relpath(folder, tree + "/etc")
        dirs[:] = [d for d in dirs if os.path.join(below, d) not in ("./systemd/system",) and not d.startswith(ETC)]
        for name in names:
            rel = os.path.normpath(os.path.join(below, name)); source = f"{tree}/etc/{rel}"
            if os.path.islink(source) or not os.path.isfile(source) or rel in ("passwd", "group", "shadow", "gshadow", "fstab", "machine-id") or name.startswith(ETC) or name.endswith("-"):
                continue
            home = path("etc-" + rel.replace("/", "-")); put(home, moved(open(source, errors="surrogateescape").read()) if os.path.getsize(source) < 65536 and b"\0" not in open(source, "rb").read() else open(source, "rb").read()); ln(home, f"{etc}/etc/{rel}")
    for rel in ("sysctl.d", "tmpfiles.d", "modprobe.d", "sysusers.d", "systemd/network"):
        for f, to in copies:
            if re.match(rf"/usr/lib/{rel}/[^/]+$", f):
                ln(to, f"{etc}/etc/{rel}/{os.path.basename(f)}")
    release_file = path("etc-os-release"); put(release_file, 'ID=nixos\nNAME=NixOS\nVERSION_ID="24.11"\nPRETTY_NAME="NixOS 24.11 (Vicuna)"\n')
    if os.path.lexists(f"{out}{etc}/etc/os-release"):
        os.unlink(f"{out}{etc}/etc/os-release")
    ln(release_file, etc + "/etc/os-release")
    accounts = path("users-groups.json"); put(accounts, '{"groups":[{"gid":0,"members":[],"name":"root"}],"mutableUsers":true,"users":[{"name":"root","uid":0,"group":"root","home":"/root","shell":"/run/current-system/sw/bin/bash","hashedPassword":"!"}]}')
    top = path("nixos-system-node-24.11.20250115.abcdef0"); systemd = os.path.dirname(os.path.dirname(os.path.dirname(owner["/usr/lib/systemd/systemd"])))
    put(top + "/activate", f"#! {bash}\nsystemConfig='{top}'\n# users {accounts}\n# etc {etc}/etc\nln -sfn \"{bash}\" /bin/.sh.tmp\n", 0o555)
    put(top + "/init", f"#! {bash}\nsystemConfig={top}\n", 0o555)
    for name, target in {"etc": etc + "/etc", "sw": sw, "systemd": systemd, "kernel": kernel + "/bzImage", "initrd": initrd + "/initrd", "kernel-modules": modules}.items():
        ln(target, f"{top}/{name}")
    for name, text in {"kernel-params": "net.ifnames=0 loglevel=4", "nixos-version": "24.11.20250115.abcdef0", "system": "x86_64-linux"}.items():
        put(f"{top}/{name}", text)
    for folder, _, _ in os.walk(out + "/nix/store", topdown=False):
        os.chmod(folder, 0o555)
    os.chmod(out + "/nix/store", 0o755)
    print(top)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
