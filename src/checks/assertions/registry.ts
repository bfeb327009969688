/** Every kind of claim a contract can make. Adding one is a file, a line here, its options in the schema, and a test. */
import type { Judge } from '../check.ts';
import { binaryAssertion } from './binary.ts';
import { contentAssertion } from './content.ts';
import { fileAssertion } from './file.ts';
import { kernelConfigAssertion } from './kernel-config.ts';
import { kernelModuleAssertion } from './kernel-module.ts';
import { networkInterfaceAssertion } from './network-interface.ts';
import { packageAssertion } from './package.ts';
import { portAssertion } from './port.ts';
import { secretAssertion } from './secret.ts';
import { symlinkAssertion } from './symlink.ts';
import { sysctlAssertion } from './sysctl.ts';
import { unitAssertion } from './unit.ts';

const all = [
  fileAssertion,
  symlinkAssertion,
  binaryAssertion,
  unitAssertion,
  sysctlAssertion,
  kernelModuleAssertion,
  kernelConfigAssertion,
  packageAssertion,
  contentAssertion,
  secretAssertion,
  networkInterfaceAssertion,
  portAssertion,
] as const;

/** By id. The options of each were validated against the schema when the contract was loaded. */
export const assertions: Readonly<Record<string, Judge<never>>> = Object.fromEntries(
  all.map((assertion) => [assertion.id, assertion as Judge<never>]),
);
