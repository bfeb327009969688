/** Every command. Adding one is a file, a line here, and a test. */
import { bootCommand } from './boot.ts';
import { catCommand } from './cat.ts';
import type { CommandEntry } from './command.ts';
import { completionCommand } from './completion.ts';
import { contractCommand } from './contract.ts';
import { diffCommand } from './diff.ts';
import { explainCommand } from './explain.ts';
import { exportCommand } from './export.ts';
import { extractCommand } from './extract.ts';
import { findCommand } from './find.ts';
import { inspectCommand } from './inspect.ts';
import { judgeCommand } from './judge.ts';
import { lsCommand } from './ls.ts';
import { manCommand } from './man.ts';
import { mergeCommand } from './merge.ts';
import { modulesCommand } from './modules.ts';
import { readlinkCommand } from './readlink.ts';
import { rulesCommand } from './rules.ts';
import { statCommand } from './stat.ts';
import { sysctlCommand } from './sysctl.ts';
import { systemctlCommand } from './systemctl.ts';

export const commands: readonly CommandEntry[] = [
  judgeCommand,
  mergeCommand,
  diffCommand,
  inspectCommand,
  bootCommand,
  lsCommand,
  catCommand,
  statCommand,
  findCommand,
  readlinkCommand,
  extractCommand,
  exportCommand,
  systemctlCommand,
  sysctlCommand,
  modulesCommand,
  contractCommand,
  explainCommand,
  rulesCommand,
  completionCommand,
  manCommand,
];
