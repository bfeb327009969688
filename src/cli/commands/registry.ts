/** Every command. Adding one is a file, a line here, and a test. */
import type { CommandEntry } from './command.ts';
import { contractCommand } from './contract.ts';
import { explainCommand } from './explain.ts';
import { judgeCommand } from './judge.ts';
import { rulesCommand } from './rules.ts';

export const commands: readonly CommandEntry[] = [judgeCommand, contractCommand, explainCommand, rulesCommand];
