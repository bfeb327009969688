/**
 * ExecStart= of the k3s unit as the process gets it: words and quotes (systemd.service(5) "Command Lines"), then variables:
 * a word that is `$NAME` becomes the words of its value, `${NAME}` inside a word its value as it is, `$$` a dollar sign.
 */
import type { Location } from '../../location.ts';
import type { Table } from '../../table.ts';
import { parseExecCommands } from '../systemd/values/exec-command.ts';
import { readWord } from '../systemd/values/words.ts';

export interface EnvironmentValue {
  readonly value: string;
  readonly location: Location;
}

export interface Argument {
  readonly text: string;
  /** The unit line, or where the variable it came from is set. */
  readonly location: Location;
}

export interface CommandLine {
  readonly program: string;
  /** Of the ExecStart= line. */
  readonly location: Location;
  /** Without the program itself. */
  readonly arguments: readonly Argument[];
}

/** The commands of one ExecStart= assignment; `expand` resolves specifiers. Empty if systemd cannot parse it. */
export function parseCommandLine(
  assignment: EnvironmentValue,
  environment: Table<EnvironmentValue>,
  expand: (text: string) => string | undefined,
): readonly CommandLine[] {
  return parseExecCommands(assignment.value, expand).commands.map(({ path, argv, flags }) => {
    const written = argv.slice(1).map((text) => ({ text, location: assignment.location }));
    const isExpanded = !flags.includes('no-env-expand');
    return {
      program: path,
      location: assignment.location,
      arguments: isExpanded ? written.flatMap((argument) => expandArgument(argument, environment)) : written,
    };
  });
}

function expandArgument(argument: Argument, environment: Table<EnvironmentValue>): readonly Argument[] {
  const { text } = argument;
  if (text.startsWith('$') && text.length > 1 && !text.startsWith('${') && !text.startsWith('$$')) {
    const variable = environment[text.slice(1)];
    if (!variable) return [];
    return splitWords(variable.value).map((word) => ({ text: word, location: variable.location }));
  }
  return [replaceInWord(argument, environment)];
}

/** Only `${NAME}` and `$$` count inside a word; a name that is not set is empty. */
function replaceInWord({ text, location }: Argument, environment: Table<EnvironmentValue>): Argument {
  let from: Location | undefined;
  const replaced = text.replace(/\$(?:\$|\{([^}]*)\})/g, (whole, name: string | undefined) => {
    if (name === undefined) return whole === '$$' ? '$' : whole;
    const variable = environment[name];
    from ??= variable?.location;
    return variable?.value ?? '';
  });
  return { text: replaced, location: from ?? location };
}

function splitWords(value: string): readonly string[] {
  const words: string[] = [];
  for (let at = 0; ; ) {
    const word = readWord(value, at, 'drop');
    if (!word) return words;
    // An unbalanced quote: systemd takes the rest as one word.
    if ('error' in word) return [...words, value.slice(at).trim().replace(/^["']/, '')];
    words.push(word.text);
    at = word.next;
  }
}
