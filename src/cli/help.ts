/** How `--help` looks: one-line summaries of the commands, defaults only where they say something. */
import { type Command, Help, type Option } from 'commander';

const defaults = new Help();

/** To be given to `configureHelp` of every command. */
export const helpStyle: Partial<Help> = {
  optionDescription: (option: Option): string => {
    const { defaultValue } = option;
    const saysNothing = defaultValue === false || (Array.isArray(defaultValue) && defaultValue.length === 0);
    if (!saysNothing) return defaults.optionDescription(option);
    const choices = option.argChoices ? ` (choices: ${option.argChoices.join(', ')})` : '';
    return `${option.description}${choices}`;
  },
  subcommandTerm: (command: Command): string => command.name(),
};
