/** Kinds whose assignments add up, and which an empty assignment resets unless said otherwise. load-fragment.c. */

import { instantiate, parseUnitName } from '../unit-name.ts';
import { parseExecCommands, simplifyPath } from '../values/exec-command.ts';
import { type BackslashRule, hasUnknownEscape, splitWords } from '../values/words.ts';
import { type DirectiveContext, ignore, isCommandList, type Kind, listOf, type Outcome } from './directive.ts';
import { isAbsolutePath } from './scalar-kinds.ts';

/** What one word becomes: items to add, or why it is left out. */
export type WordOutcome = readonly string[] | { readonly error: string };

export function wordError(outcome: WordOutcome): outcome is { readonly error: string } {
  return !Array.isArray(outcome);
}

/** A list of words; each is converted, bad ones are left out with a warning. */
export function wordList(
  rule: BackslashRule,
  convert: (word: string, context: DirectiveContext) => WordOutcome,
  merge: (list: readonly string[], added: readonly string[]) => readonly string[] = (list, added) => [
    ...list,
    ...added,
  ],
): Kind {
  return {
    accumulates: true,
    apply(current, text, context): Outcome {
      if (text === '') return { effect: 'reset' };
      const { words, error } = splitWords(text, rule);
      const added: string[] = [];
      let warning = error === undefined ? undefined : `${error}, ignoring the rest`;
      for (const word of words) {
        const outcome = convert(word, context);
        if (wordError(outcome)) warning = outcome.error;
        else added.push(...outcome);
      }
      if (added.length === 0) return ignore(warning ?? 'the assignment adds nothing');
      const value = merge(listOf(current), added);
      return warning === undefined ? { effect: 'add', value } : { effect: 'add', value, warning };
    },
  };
}

function expandWord(word: string, { expand }: DirectiveContext): WordOutcome {
  const value = expand(word);
  return value === undefined ? { error: `Failed to resolve specifiers in '${word}', ignoring.` } : [value];
}

export const words = wordList('retain', expandWord);
/** Without doubles. */
export const wordSet = wordList('retain', expandWord, (list, added) => [...new Set([...list, ...added])]);

/** The whole line is one item. */
export const lines: Kind = {
  accumulates: true,
  apply(current, text, { expand }): Outcome {
    if (text === '') return { effect: 'reset' };
    const value = expand(text);
    if (value === undefined) return ignore(`Failed to resolve unit specifiers in '${text}', ignoring.`);
    return { effect: 'add', value: [...listOf(current), value] };
  },
};

const variableName = /^[A-Za-z_][0-9A-Za-z_]*$/;

/** `NAME=value` words; a later value of a name takes the place of the earlier one. */
export const environment = wordList(
  'decode',
  (word, context) => {
    const value = context.expand(word);
    if (value === undefined) return { error: `Failed to resolve specifiers in '${word}', ignoring.` };
    const equals = value.indexOf('=');
    if (equals <= 0 || !variableName.test(value.slice(0, equals)))
      return { error: `Invalid environment assignment, ignoring: ${value}` };
    return [value];
  },
  replaceByName,
);

function replaceByName(list: readonly string[], added: readonly string[]): readonly string[] {
  const byName = new Map(list.map((item) => [item.slice(0, item.indexOf('=')), item]));
  for (const item of added) byName.set(item.slice(0, item.indexOf('=')), item);
  return [...byName.values()];
}

/** Names of variables, or assignments. */
export const variableNames = wordList('decode', (word, context) => {
  const value = context.expand(word);
  return value !== undefined && variableName.test(value.split('=')[0] ?? '')
    ? [value]
    : { error: `Invalid environment name, ignoring: ${word}` };
});

/** Names alone. */
export const passedVariables = wordList('decode', (word, context) => {
  const value = context.expand(word);
  return value !== undefined && variableName.test(value)
    ? [value]
    : { error: `Invalid environment name, ignoring: ${word}` };
});

/** Absolute paths, each with optional marks (`-` may be missing, `+` below the root directory). */
export const markedPaths = wordList('drop', (word, context) => {
  const value = context.expand(word);
  const marks = /^-?\+?/.exec(value ?? '')?.[0] ?? '';
  const path = value?.slice(marks.length) ?? '';
  return isAbsolutePath(path) ? [marks + simplifyPath(path)] : { error: `path is not absolute, ignoring: ${word}` };
});

export const paths = wordList('retain', (word, context) => {
  const value = context.expand(word);
  return value !== undefined && isAbsolutePath(value)
    ? [simplifyPath(value)]
    : { error: `path is not absolute, ignoring: ${word}` };
});

/** One path a line, `-` in front if the file may be missing. */
export const environmentFiles: Kind = {
  accumulates: true,
  apply(current, text, { expand }): Outcome {
    if (text === '') return { effect: 'reset' };
    const value = expand(text);
    const mark = value?.startsWith('-') ? '-' : '';
    const path = value?.slice(mark.length) ?? '';
    if (!isAbsolutePath(path)) return ignore(`path is not absolute, ignoring: ${text}`);
    return { effect: 'add', value: [...listOf(current), mark + simplifyPath(path)] };
  },
};

/** Names of units. An empty assignment changes nothing: dependencies cannot be taken back. */
export const unitNames: Kind = {
  accumulates: true,
  apply(current, text, context): Outcome {
    const { words: names, error } = splitWords(text, 'retain');
    const added: string[] = [];
    let warning = error;
    for (const word of names) {
      const name = resolveUnitReference(context.expand(word), context);
      if (name === undefined) warning = `Failed to add dependency on ${word}, ignoring.`;
      else added.push(name);
    }
    const value = [...new Set([...listOf(current), ...added])];
    if (added.length === 0) return warning === undefined ? { effect: 'ignore' } : ignore(warning);
    return warning === undefined ? { effect: 'add', value } : { effect: 'add', value, warning };
  },
};

/** The unit a name in a unit's file means: templates take the instance of the unit, or its prefix. */
export function resolveUnitReference(
  name: string | undefined,
  { unit }: Pick<DirectiveContext, 'unit'>,
): string | undefined {
  const parsed = name === undefined ? undefined : parseUnitName(name);
  if (!parsed) return undefined;
  return parsed.form === 'template' ? instantiate(parsed, unit.instance || unit.prefix) : parsed.name;
}

/** Words of [Install], which the manager does not read: nobody complains about them. */
export const unreadWords: Kind = {
  accumulates: true,
  apply(current, text, { expand }): Outcome {
    if (text === '') return { effect: 'reset' };
    const added = splitWords(text, 'retain').words.flatMap((word) => expand(word) ?? []);
    return added.length === 0 ? { effect: 'ignore' } : { effect: 'add', value: [...listOf(current), ...added] };
  },
};

/** Names of sockets. */
export const socketNames: Kind = {
  accumulates: true,
  apply(current, text, context): Outcome {
    const { words, error } = splitWords(text, 'retain');
    const wrong = words.find((word) => context.expand(word)?.endsWith('.socket') !== true);
    const outcome = unitNames.apply(current, words.filter((word) => word !== wrong).join(' '), context);
    if (wrong === undefined && error === undefined) return outcome;
    const warning = error ?? `Unit must be of type socket, ignoring: ${wrong}`;
    return outcome.effect === 'add' ? { ...outcome, warning } : ignore(warning);
  },
};

/** Command lines; an empty assignment voids the earlier ones of the same key. */
export const commands: Kind = {
  accumulates: true,
  apply(current, text, context): Outcome {
    if (text === '') return { effect: 'reset' };
    const result = parseExecCommands(text, context.expand);
    const value = [...(isCommandList(current) ? current : []), ...result.commands];
    if ('fatal' in result) return { effect: 'fatal', message: result.fatal, value };
    if (result.commands.length === 0) return ignore(result.ignored ?? 'the command line is empty');
    const warning =
      result.ignored ?? (hasUnknownEscape(text) ? `Ignoring unknown escape sequences: ${text}` : undefined);
    return warning === undefined ? { effect: 'add', value } : { effect: 'add', value, warning };
  },
};
