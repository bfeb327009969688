/** Every fact reader. Adding one is a folder, a line here, a line in `fact-types.ts`, and a test. */

import { accountsReader } from './accounts/accounts-reader.ts';
import { passwordsReader } from './accounts/passwords-reader.ts';
import { airgapReader } from './airgap/airgap-reader.ts';
import { bootReader } from './boot/boot-reader.ts';
import { bootProgramsReader } from './boot-programs/boot-programs-reader.ts';
import { binaryReader } from './elf/binary-reader.ts';
import { environmentReader } from './environment/environment-reader.ts';
import type { FactId, FactReader } from './fact.ts';
import { directoryReader } from './files/directory-reader.ts';
import { fileReader } from './files/file-reader.ts';
import { readableTextsReader } from './files/readable-texts-reader.ts';
import { textReader } from './files/text-reader.ts';
import { firewallReader } from './firewall/firewall-reader.ts';
import { initrdReader } from './initrd/initrd-reader.ts';
import { k3sReader } from './k3s/k3s-reader.ts';
import { kernelReader } from './kernel/kernel-reader.ts';
import { librariesReader } from './libraries/libraries-reader.ts';
import { networkReader } from './network/network-reader.ts';
import { nixHashReader } from './nix-store/nix-hash-reader.ts';
import { nixHashesReader } from './nix-store/nix-hashes-reader.ts';
import { nixStoreReader } from './nix-store/nix-store-reader.ts';
import { storeSecretsReader } from './nix-store/store-secrets-reader.ts';
import { dependenciesReader } from './packages/dependencies-reader.ts';
import { maintainerScriptsReader } from './packages/maintainer-scripts-reader.ts';
import { packageFilesReader } from './packages/package-files-reader.ts';
import { packageSumsReader } from './packages/package-sums-reader.ts';
import { packagesReader } from './packages/packages-reader.ts';
import { platformReader } from './platform/platform-reader.ts';
import { programsReader } from './programs/programs-reader.ts';
import { sbomReader } from './sbom/sbom-reader.ts';
import { sshdReader } from './ssh/sshd-reader.ts';
import { sudoersReader } from './sudo/sudoers-reader.ts';
import { sysctlReader } from './sysctl/sysctl-reader.ts';
import { startupReader } from './systemd/startup-reader.ts';
import { unitFilesReader } from './systemd/unit-files-reader.ts';
import { unitReader } from './systemd/unit-reader.ts';
import { unitAuditReader } from './systemd/verify/unit-audit-reader.ts';
import { tmpfilesReader } from './tmpfiles/tmpfiles-reader.ts';
import { treeReader } from './tree/tree-reader.ts';
import { usageReader } from './usage/usage-reader.ts';

export const factReaders: { readonly [K in FactId]?: FactReader<K> } = {
  accounts: accountsReader,
  airgap: airgapReader,
  binary: binaryReader,
  boot: bootReader,
  dependencies: dependenciesReader,
  directory: directoryReader,
  'boot-programs': bootProgramsReader,
  environment: environmentReader,
  firewall: firewallReader,
  initrd: initrdReader,
  k3s: k3sReader,
  file: fileReader,
  kernel: kernelReader,
  libraries: librariesReader,
  network: networkReader,
  'nix-hash': nixHashReader,
  'nix-hashes': nixHashesReader,
  'store-secrets': storeSecretsReader,
  'nix-store': nixStoreReader,
  'maintainer-scripts': maintainerScriptsReader,
  'package-files': packageFilesReader,
  'package-sums': packageSumsReader,
  packages: packagesReader,
  passwords: passwordsReader,
  platform: platformReader,
  programs: programsReader,
  'readable-texts': readableTextsReader,
  sbom: sbomReader,
  sshd: sshdReader,
  startup: startupReader,
  sudoers: sudoersReader,
  sysctl: sysctlReader,
  text: textReader,
  tmpfiles: tmpfilesReader,
  tree: treeReader,
  unit: unitReader,
  'unit-audit': unitAuditReader,
  'unit-files': unitFilesReader,
  usage: usageReader,
};
