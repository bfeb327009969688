/** Completion for fish: one line a command and an option, with its description. */
import type { CompletedCommand, CompletedOption } from './command-words.ts';

/** To be put into fish's folder of completions as \`check-image.fish\`. */
export function formatFishCompletion(commands: readonly CompletedCommand[]): string {
  const lines = commands.flatMap((command) => {
    const condition = conditionOf(command, commands);
    const words = command.words.map((word) => {
      const path = [...command.path, word].join(' ');
      const description = commands.find((one) => one.path.join(' ') === path)?.description ?? '';
      return `complete -c check-image -n ${condition} -a ${quote(word)} -d ${quote(description)}`;
    });
    return [...words, ...command.options.map((option) => formatOption(option, condition))];
  });
  return `${lines.join('\n')}\n`;
}

function formatOption({ names, description, takesValue, values }: CompletedOption, condition: string): string {
  const flags = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
  const value = takesValue ? [values.length > 0 ? `-r -a ${quote(values.join(' '))}` : '-r'] : [];
  return ['complete -c check-image -n', condition, ...flags, ...value, `-d ${quote(description)}`].join(' ');
}

/** A command's words are offered when its own path has been typed, and none of those below it. */
function conditionOf({ path, words }: CompletedCommand, commands: readonly CompletedCommand[]): string {
  const below = words.filter((word) => commands.some((one) => one.path.join(' ') === [...path, word].join(' ')));
  const seen = path.map((word) => `__fish_seen_subcommand_from ${word}`);
  const unseen = below.length > 0 ? [`not __fish_seen_subcommand_from ${below.join(' ')}`] : [];
  return quote([...seen, ...unseen].join('; and ') || 'true');
}

const quote = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`;
