/** Every rule. Adding one is a file, a line here, and a test. */
import { bootChain } from './boot-chain.ts';
import { dataDir } from './data-dir.ts';
import { environmentFiles } from './environment-files.ts';
import { k3sExec } from './k3s-exec.ts';
import { k3sSettings } from './k3s-settings.ts';
import { networkOnline } from './network-online.ts';
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
import { tokenSet } from './token/token-set.ts';
import { unitProblems } from './unit-problems.ts';
import { writableDirectory } from './writable-directory.ts';

const all = [
  bootChain,
  dataDir,
  environmentFiles,
  joinUrl,
  k3sExec,
  k3sSettings,
  networkOnline,
  oneRole,
  packageLists,
  packageVersion,
  shadowedProgram,
  sliceTasks,
  sysctlNeedsModule,
  tokenAtRuntime,
  tokenExposed,
  tokenKnown,
  tokenSet,
  unitProblems,
  writableDirectory,
] as const;

export const rules: Readonly<Record<string, Rule<never>>> = Object.fromEntries(
  all.map((rule) => [rule.id, rule as Rule<never>]),
);
