/** What a shell can complete, from the same metadata that `--help` prints. */
import { Command } from 'commander';
import { builtInContracts } from '../../checks/contracts/registry.ts';
import { reporters } from '../../report/registry.ts';
import { commands } from '../commands/registry.ts';

export interface CompletedOption {
  /** With its dashes; the short one first if there is one. */
  readonly names: readonly string[];
  readonly description: string;
  readonly takesValue: boolean;
  /** `<name=n>`; empty without a value. */
  readonly placeholder: string;
  /** What `--help` says behind the description: `one of must, should, info; must unless given`; empty if nothing. */
  readonly terms: string;
  /** Values to offer; files if there are none. */
  readonly values: readonly string[];
}

export interface CompletedCommand {
  /** `['contract', 'show']`; empty for the gate. */
  readonly path: readonly string[];
  readonly description: string;
  /** `[options] <image...>`. */
  readonly usage: string;
  /** Command lines. */
  readonly examples: readonly string[];
  readonly options: readonly CompletedOption[];
  /** Names of the commands below it, and the words its first argument may be. */
  readonly words: readonly string[];
}

const offered: Readonly<Record<string, readonly string[]>> = {
  '--format': Object.keys(reporters),
  '--output': Object.keys(reporters).map((format) => `${format}=`),
  '--contract': Object.keys(builtInContracts),
};

/** The gate first, then every command, those below another after it. */
export function collectCommands(): readonly CompletedCommand[] {
  const program = new Command('check-image');
  for (const { declare } of commands) declare(program, async () => {});
  return describeCommand(program, []);
}

function describeCommand(command: Command, path: readonly string[]): readonly CompletedCommand[] {
  const options = command.options.map(
    ({ flags, short, long, description, required, optional, argChoices, defaultValue }) => ({
      names: [short, long].filter((name) => name !== undefined),
      description,
      takesValue: required || optional,
      placeholder: /[<[].*$/.exec(flags)?.[0] ?? '',
      terms: describeTerms(argChoices, defaultValue),
      // Only the gate writes reports; a --format of another command names its own choices.
      values: argChoices ?? (path.length === 0 || long === '--contract' ? (offered[long ?? ''] ?? []) : []),
    }),
  );
  const [first] = command.registeredArguments;
  const words = [...command.commands.map((child) => child.name()), ...(first?.argChoices ?? [])];
  const own = {
    path,
    description: command.description(),
    usage: command.usage(),
    examples: examplesOf(command),
    options,
    words,
  };
  return [own, ...command.commands.flatMap((child) => describeCommand(child as Command, [...path, child.name()]))];
}

function describeTerms(choices: readonly string[] | undefined, preset: unknown): string {
  return [
    ...(choices ? [`one of ${choices.join(', ')}`] : []),
    ...(typeof preset === 'string' ? [`${preset} unless given`] : []),
  ].join('; ');
}

/** The lines of its help that show a call. */
function examplesOf(command: Command): readonly string[] {
  let text = '';
  const writeOut = (part: string): void => {
    text += part;
  };
  command.configureOutput({ writeOut }).outputHelp();
  return text.split('\n').flatMap((line) => (line.startsWith('  $ ') ? [line.slice(4)] : []));
}
