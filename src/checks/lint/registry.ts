/** Every lint rule, in the order of the reports. Adding one is a file with its examples, and a line here. */
import { emptyPassword } from './accounts/empty-password.ts';
import { builderOwned } from './files/builder-owned.ts';
import { capabilities } from './files/capabilities.ts';
import { setuid } from './files/setuid.ts';
import { unownedFiles } from './files/unowned.ts';
import { worldWritable } from './files/world-writable.ts';
import { dhcpLeases } from './identity/dhcp-leases.ts';
import { history } from './identity/history.ts';
import { k3sState } from './identity/k3s-state.ts';
import { machineId } from './identity/machine-id.ts';
import { randomSeed } from './identity/random-seed.ts';
import { sshHostKeys } from './identity/ssh-host-keys.ts';
import { isarLeftOvers } from './isar/left-overs.ts';
import { danglingLinks } from './links/dangling.ts';
import { escapingLinks } from './links/escaping.ts';
import { loopingLinks } from './links/loop.ts';
import type { AnyLintRule } from './lint-rule.ts';
import { halfInstalled } from './packages/half-installed.ts';
import { foreignArchitecture } from './programs/foreign-architecture.ts';
import { missingLibrary } from './programs/missing-library.ts';
import { missingLoader } from './programs/missing-loader.ts';
import { scriptInterpreter } from './programs/script-interpreter.ts';
import { unitRules } from './unit/registry.ts';

export const lintRules: readonly AnyLintRule[] = [
  danglingLinks,
  loopingLinks,
  escapingLinks,
  foreignArchitecture,
  missingLoader,
  missingLibrary,
  scriptInterpreter,
  ...unitRules,
  setuid,
  capabilities,
  worldWritable,
  unownedFiles,
  builderOwned,
  emptyPassword,
  halfInstalled,
  machineId,
  sshHostKeys,
  randomSeed,
  dhcpLeases,
  k3sState,
  history,
  isarLeftOvers,
];
