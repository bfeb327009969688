/** Every rule. Adding one is a file, a line here, and a test. */
import { airgapImages } from './airgap-images.ts';
import { bootChain } from './boot-chain.ts';
import { bootLibraries } from './boot-libraries.ts';
import { componentArguments } from './component-arguments.ts';
import { dataDir } from './data-dir.ts';
import { environmentFiles } from './environment-files.ts';
import { initrdDrivers } from './initrd-drivers.ts';
import { initrdPrograms } from './initrd-programs.ts';
import { k3sConflicts } from './k3s-conflicts.ts';
import { k3sExec } from './k3s-exec.ts';
import { k3sFlag } from './k3s-flag.ts';
import { k3sSettings } from './k3s-settings.ts';
import { cgroupControllers } from './kernel/cgroup-controllers.ts';
import { iptablesBackend } from './kernel/iptables-backend.ts';
import { kernelOptions } from './kernel/kernel-options.ts';
import { swap } from './kernel/swap.ts';
import { clusterRanges } from './network/cluster-ranges.ts';
import { deviceModules } from './network/device-modules.ts';
import { forwardingOverride } from './network/forwarding-override.ts';
import { networkFiles } from './network/network-files.ts';
import { networkManagers } from './network/network-managers.ts';
import { nodeAddress } from './network/node-address.ts';
import { nodeName } from './network/node-name.ts';
import { packetFilter } from './network/packet-filter.ts';
import { vlanIds } from './network/vlan-ids.ts';
import { networkOnline } from './network-online.ts';
import { bootedSystem } from './nixos/booted-system.ts';
import { k3sCommand } from './nixos/k3s-command.ts';
import { oneVersion } from './nixos/one-version.ts';
import { programOnPath } from './nixos/program-on-path.ts';
import { storeComplete } from './nixos/store-complete.ts';
import { storeUnchanged } from './nixos/store-unchanged.ts';
import { systemArchitecture } from './nixos/system-architecture.ts';
import { oneRole } from './one-role.ts';
import { packageLists } from './package-lists.ts';
import { packageVersion } from './package-version.ts';
import type { Rule } from './rule.ts';
import { shadowedProgram } from './shadowed-program.ts';
import { sliceTasks } from './slice-tasks.ts';
import { sysctlNeedsModule } from './sysctl-needs-module.ts';
import { joinUrl } from './token/join-url.ts';
import { tokenAtRuntime } from './token/token-at-runtime.ts';
import { tokenExposed } from './token/token-exposed.ts';
import { tokenKnown } from './token/token-known.ts';
import { tokenPrivate } from './token/token-private.ts';
import { tokenSet } from './token/token-set.ts';
import { unitProblems } from './unit-problems.ts';
import { writableDirectory } from './writable-directory.ts';

const all = [
  bootChain,
  bootLibraries,
  cgroupControllers,
  iptablesBackend,
  kernelOptions,
  swap,
  airgapImages,
  clusterRanges,
  deviceModules,
  forwardingOverride,
  k3sFlag,
  networkFiles,
  networkManagers,
  nodeAddress,
  nodeName,
  packetFilter,
  vlanIds,
  bootedSystem,
  componentArguments,
  dataDir,
  environmentFiles,
  joinUrl,
  k3sCommand,
  initrdDrivers,
  initrdPrograms,
  k3sConflicts,
  k3sExec,
  k3sSettings,
  networkOnline,
  oneRole,
  oneVersion,
  packageLists,
  packageVersion,
  programOnPath,
  shadowedProgram,
  sliceTasks,
  storeComplete,
  storeUnchanged,
  sysctlNeedsModule,
  systemArchitecture,
  tokenAtRuntime,
  tokenExposed,
  tokenKnown,
  tokenPrivate,
  tokenSet,
  unitProblems,
  writableDirectory,
] as const;

export const rules: Readonly<Record<string, Rule<never>>> = Object.fromEntries(
  all.map((rule) => [rule.id, rule as Rule<never>]),
);
