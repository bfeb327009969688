/** The command line: the gate is what runs without a command's name; every other command comes from the registry. */
import { Command, CommanderError } from 'commander';
import type { ExitCode } from '../checks/result.ts';
import { escapeText } from '../report/escape.ts';
import { spellOutLint } from './bare-lint.ts';
import type { CommandEntry } from './commands/command.ts';
import { commands } from './commands/registry.ts';
import { helpStyle } from './help.ts';
import type { Terminal } from './terminal.ts';
import { describeUsage } from './usage-words.ts';
import { version } from './version.ts';

/** Runs the command that `argv` names. Throws what the command throws. */
export async function runProgram(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let exitCode: ExitCode = 0;
  const program = new Command('check-image')
    .version(version)
    .enablePositionalOptions()
    .helpCommand('help [command]', 'the help of a command');
  for (const command of wantedBy(argv)) {
    command.declare(program, async (run) => {
      exitCode = await run(terminal);
    });
  }
  for (const { name, summary } of commands) program.commands.find((one) => one.name() === name)?.summary(summary);
  quieten(program, terminal);
  try {
    await program.parseAsync([...spellOutLint(argv)], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw error;
  }
}

/**
 * The gate, and every command whose name is among the words: to declare one costs as much as reading a file of the image. Help,
 * and a plain word that names none of them, are answered with all.
 */
function wantedBy(argv: readonly string[]): readonly CommandEntry[] {
  const wanted = commands.filter(({ name }) => name === 'check-image' || argv.includes(name));
  const asksForHelp = argv.some((word) => word === '--help' || word === '-h' || word === 'help');
  return asksForHelp || (wanted.length === 1 && argv.some((word) => /^[a-z]+$/.test(word))) ? commands : wanted;
}

/** Makes commander write to the terminal it is given and throw instead of ending the process. */
function quieten(command: Command, terminal: Terminal, name = command.name()): void {
  command.exitOverride();
  command.configureHelp(helpStyle);
  command.configureOutput({
    writeOut: terminal.out,
    writeErr: terminal.err,
    outputError: (text, write) => write(`check-image: ${escapeText(describeUsage(text, name))}\n`),
  });
  for (const child of command.commands) quieten(child as Command, terminal, `${name} ${child.name()}`);
}
