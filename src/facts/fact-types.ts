/** Which fact has which value: one line per fact, beside its line in `registry.ts`. */
import type { AccountsFact } from './accounts/accounts-fact.ts';
import type { PasswordsFact } from './accounts/passwords-fact.ts';
import type { AirgapFact } from './airgap/airgap-fact.ts';
import type { BootFact } from './boot/boot-fact.ts';
import type { BootProgramsFact } from './boot-programs/boot-programs-fact.ts';
import type { BinaryFact } from './elf/binary-fact.ts';
import type { EnvironmentFact } from './environment/environment-fact.ts';
import type { DirectoryFact } from './files/directory-fact.ts';
import type { FileFact } from './files/file-fact.ts';
import type { ReadableTextsFact } from './files/readable-texts-fact.ts';
import type { TextFact } from './files/text-fact.ts';
import type { FirewallFact } from './firewall/firewall-fact.ts';
import type { InitrdFact } from './initrd/initrd-fact.ts';
import type { K3sFact } from './k3s/k3s-fact.ts';
import type { KernelFact } from './kernel/kernel-fact.ts';
import type { LibrariesFact } from './libraries/libraries-fact.ts';
import type { NetworkFact } from './network/network-fact.ts';
import type { NixHashesFact, NixHashFact } from './nix-store/nix-hash-fact.ts';
import type { NixStoreFact } from './nix-store/nix-store-fact.ts';
import type { StoreSecretsFact } from './nix-store/store-secrets-fact.ts';
import type { DependenciesFact } from './packages/dependencies-fact.ts';
import type { MaintainerScriptsFact } from './packages/maintainer-scripts-fact.ts';
import type { PackageFilesFact } from './packages/package-files-fact.ts';
import type { PackageSumsFact } from './packages/package-sums-fact.ts';
import type { PackagesFact } from './packages/packages-fact.ts';
import type { PlatformFact } from './platform/platform-fact.ts';
import type { ProgramsFact } from './programs/programs-fact.ts';
import type { SbomFact } from './sbom/sbom-fact.ts';
import type { SshdFact } from './ssh/sshd-fact.ts';
import type { SudoersFact } from './sudo/sudoers-fact.ts';
import type { SysctlFact } from './sysctl/sysctl-fact.ts';
import type { StartupFact, UnitFact, UnitFilesFact } from './systemd/unit-fact.ts';
import type { UnitAuditFact } from './systemd/verify/unit-audit-fact.ts';
import type { TmpfilesFact } from './tmpfiles/tmpfiles-fact.ts';
import type { TreeFact } from './tree/tree-fact.ts';
import type { UsageFact } from './usage/usage-fact.ts';

export interface FactTypes {
  /** ISAR, Debian or NixOS; architecture, release. */
  readonly platform: PlatformFact;
  /** Key: a path. What stat(2), readlink(2) and getcap(8) would say. */
  readonly file: FileFact;
  /** Key: a path. The names in a directory. */
  readonly directory: DirectoryFact;
  /** Key: a path. The text of a configuration file. */
  readonly text: TextFact;
  /** Key: a path. What file(1), readelf(1) and go-version-m would say. */
  readonly binary: BinaryFact;
  /** What the units that start at boot execute. */
  readonly 'boot-programs': BootProgramsFact;
  /** What starts the image, from the partition table to fstab. */
  readonly boot: BootFact;
  /** Kernel modules in the initrd of the boot entry. */
  readonly initrd: InitrdFact;
  /** Key: a unit name. The unit as systemd would load it. */
  readonly unit: UnitFact;
  /** Every unit, with the programs, accounts, files and other units behind it. */
  readonly 'unit-audit': UnitAuditFact;
  /** The names of all unit files, each with its state. */
  readonly 'unit-files': UnitFilesFact;
  /** Which units start at boot, and why. */
  readonly startup: StartupFact;
  /** Effective kernel parameters from sysctl.d. */
  readonly sysctl: SysctlFact;
  /** Installed kernels, module requests and blocks. */
  readonly kernel: KernelFact;
  /** Container images that k3s loads from its data directory. */
  readonly airgap: AirgapFact;
  /** Variables that environment.d gives to user services. */
  readonly environment: EnvironmentFact;
  /** Packet filters that boot loads. */
  readonly firewall: FirewallFact;
  /** Key: a program, `librariesKey`. Whether it finds its interpreter, libraries and symbol versions. */
  readonly libraries: LibrariesFact;
  /** Names, addresses and stacking of network interfaces. */
  readonly network: NetworkFact;
  /** Key: a store path. Whether it still is what Nix registered. */
  readonly 'nix-hash': NixHashFact;
  readonly 'nix-hashes': NixHashesFact;
  readonly 'store-secrets': StoreSecretsFact;
  /** The NixOS system that runs, and whether its store is complete. */
  readonly 'nix-store': NixStoreFact;
  /** Installed packages. */
  readonly packages: PackagesFact;
  /** k3s role, data directory, effective flags as far as the contract needs them. */
  readonly k3s: K3sFact;
  /** Users and groups of the image, and those made at boot. */
  readonly accounts: AccountsFact;
  /** What installed packages depend on. */
  readonly dependencies: DependenciesFact;
  /** Scripts of installed packages. */
  readonly 'maintainer-scripts': MaintainerScriptsFact;
  /** Files of each installed package. */
  readonly 'package-files': PackageFilesFact;
  /** Files that differ from what their package installed. */
  readonly 'package-sums': PackageSumsFact;
  /** Which passwords are shared or well known. */
  readonly passwords: PasswordsFact;
  /** Bills of materials beside the image. */
  readonly sbom: SbomFact;
  /** Effective settings of the SSH server. */
  readonly sshd: SshdFact;
  /** Rights given by sudo. */
  readonly sudoers: SudoersFact;
  /** What systemd-tmpfiles makes, changes and removes at boot. */
  readonly tmpfiles: TmpfilesFact;
  /** Small files that every account can read. */
  readonly 'readable-texts': ReadableTextsFact;
  /** Key: empty, or `all` for every file. What executable files and libraries start as. */
  readonly programs: ProgramsFact;
  /** Every file, directory and link. */
  readonly tree: TreeFact;
  /** Room left in the mounted file systems. */
  readonly usage: UsageFact;
}
