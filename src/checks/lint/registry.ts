/** Every lint rule, in the order of the reports. Adding one is a file with its examples, and a line here. */
import { duplicateId } from './accounts/duplicate-id.ts';
import { emptyPassword } from './accounts/empty-password.ts';
import { knownPassword } from './accounts/known-password.ts';
import { missingHome } from './accounts/missing-home.ts';
import { missingShell } from './accounts/missing-shell.ts';
import { readablePasswords } from './accounts/readable-passwords.ts';
import { secondRoot } from './accounts/second-root.ts';
import { sharedPassword } from './accounts/shared-password.ts';
import { builderOwned } from './files/builder-owned.ts';
import { capabilities } from './files/capabilities.ts';
import { setuid } from './files/setuid.ts';
import { unownedFiles } from './files/unowned.ts';
import { unreadConfiguration } from './files/unread-configuration.ts';
import { worldWritable } from './files/world-writable.ts';
import { dhcpLeases } from './identity/dhcp-leases.ts';
import { history } from './identity/history.ts';
import { k3sState } from './identity/k3s-state.ts';
import { machineId } from './identity/machine-id.ts';
import { randomSeed } from './identity/random-seed.ts';
import { sshHostKeys } from './identity/ssh-host-keys.ts';
import { sbom } from './image/sbom.ts';
import { sizeBudget } from './image/size-budget.ts';
import { isarLeftOvers } from './isar/left-overs.ts';
import { danglingLinks } from './links/dangling.ts';
import { escapingLinks } from './links/escaping.ts';
import { loopingLinks } from './links/loop.ts';
import type { AnyLintRule } from './lint-rule.ts';
import { missingLocale } from './locale/missing-locale.ts';
import { changedStorePath } from './nix/changed-path.ts';
import { foreignSystem } from './nix/foreign-system.ts';
import { missingStorePath } from './nix/missing-path.ts';
import { worldReadableSecret } from './nix/world-readable-secret.ts';
import { architectureAll } from './packages/architecture-all.ts';
import { changedPackageFile } from './packages/changed-file.ts';
import { halfInstalled } from './packages/half-installed.ts';
import { lostSetuid } from './packages/lost-setuid.ts';
import { missingPackageFile } from './packages/missing-file.ts';
import { unmetDependency } from './packages/unmet-dependency.ts';
import { unownedPackageFile } from './packages/unowned-file.ts';
import { foreignArchitecture } from './programs/foreign-architecture.ts';
import { missingLibrary } from './programs/missing-library.ts';
import { missingLoader } from './programs/missing-loader.ts';
import { scriptInterpreter } from './programs/script-interpreter.ts';
import { scriptSecrets } from './secrets/maintainer-script.ts';
import { readableSecrets } from './secrets/readable-file.ts';
import { sshEmptyPasswords } from './ssh/empty-passwords.ts';
import { sshPasswordLogin } from './ssh/password-login.ts';
import { sshRootLogin } from './ssh/root-login.ts';
import { passwordlessSudo } from './sudo/passwordless.ts';
import { unusedSudoers } from './sudo/unused-file.ts';
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
  unreadConfiguration,
  missingLocale,
  emptyPassword,
  knownPassword,
  sharedPassword,
  readablePasswords,
  secondRoot,
  duplicateId,
  missingShell,
  missingHome,
  sshEmptyPasswords,
  sshRootLogin,
  sshPasswordLogin,
  passwordlessSudo,
  unusedSudoers,
  readableSecrets,
  scriptSecrets,
  halfInstalled,
  unmetDependency,
  missingPackageFile,
  changedPackageFile,
  lostSetuid,
  unownedPackageFile,
  architectureAll,
  machineId,
  sshHostKeys,
  randomSeed,
  dhcpLeases,
  k3sState,
  history,
  isarLeftOvers,
  sbom,
  sizeBudget,
  missingStorePath,
  changedStorePath,
  worldReadableSecret,
  foreignSystem,
];
