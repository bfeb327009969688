/** Rules about units: lines first, then what is behind them, then what lies around. */
import type { AnyLintRule } from '../lint-rule.ts';
import { badAlias } from './bad-alias.ts';
import { badLink } from './bad-link.ts';
import { danglingLink } from './dangling-link.ts';
import { droppedDependency } from './dropped-dependency.ts';
import { fileMode } from './file-mode.ts';
import { invalidValue } from './invalid-value.ts';
import { missingEnvironmentFile } from './missing-environment-file.ts';
import { missingExecutable } from './missing-executable.ts';
import { missingInterpreter } from './missing-interpreter.ts';
import { missingRequirement } from './missing-requirement.ts';
import { newerDirective } from './newer-directive.ts';
import { notExecutable } from './not-executable.ts';
import { nothingToStart } from './nothing-to-start.ts';
import { obsolete } from './obsolete.ts';
import { orderingCycle } from './ordering-cycle.ts';
import { orphanDropIn } from './orphan-drop-in.ts';
import { outsideSearchPath } from './outside-search-path.ts';
import { refused } from './refused.ts';
import { syntax } from './syntax.ts';
import { unknownAccount } from './unknown-account.ts';
import { unknownDirective } from './unknown-directive.ts';
import { unknownSection } from './unknown-section.ts';
import { unsafeValue } from './unsafe-value.ts';
import { wrongArchitecture } from './wrong-architecture.ts';
import { wrongSection } from './wrong-section.ts';

export const unitRules: readonly AnyLintRule[] = [
  syntax,
  unknownSection,
  unknownDirective,
  wrongSection,
  invalidValue,
  newerDirective,
  obsolete,
  unsafeValue,
  refused,
  missingExecutable,
  notExecutable,
  missingInterpreter,
  wrongArchitecture,
  unknownAccount,
  missingEnvironmentFile,
  missingRequirement,
  nothingToStart,
  orderingCycle,
  droppedDependency,
  danglingLink,
  badLink,
  badAlias,
  orphanDropIn,
  outsideSearchPath,
  fileMode,
];
