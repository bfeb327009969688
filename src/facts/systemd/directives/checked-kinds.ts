/**
 * Kinds of settings whose words or lines have a form of their own: a word of another form is left out with a warning, as
 * load-fragment.c does.
 */
import { splitWords } from '../values/words.ts';
import { ignore, type Kind, listOf, type Outcome } from './directive.ts';
import { lines, wordList } from './list-kinds.ts';
import { scalar } from './scalar-kinds.ts';

/** Words of which each has the form, after specifiers. */
export function checkedWords(what: string, isValid: (word: string) => boolean): Kind {
  return wordList('retain', (word, { expand }) => {
    const value = expand(word);
    return value !== undefined && isValid(value) ? [value] : { error: `Failed to parse ${what}, ignoring: ${word}` };
  });
}

/** One text of that form, after specifiers. */
export function checkedText(what: string, isValid: (text: string) => boolean): Kind {
  return scalar(what, 'reset', (text, { expand }) => {
    const value = expand(text);
    return value !== undefined && isValid(value) ? value : undefined;
  });
}

/** Lines of that form. */
export function checkedLines(what: string, isValid: (text: string) => boolean, accepts: Kind = lines): Kind {
  return {
    accumulates: true,
    apply(current, text, context): Outcome {
      if (text !== '' && !isValid(context.expand(text) ?? ''))
        return ignore(`Failed to parse ${what}, ignoring: ${text}`);
      return accepts.apply(current, text, context);
    },
  };
}

/** A list whose words may be preceded by one `~`: kept as lines. Unknown words are left out by systemd, with a warning. */
export function filter(what: string, isValid: (word: string) => boolean): Kind {
  return {
    accumulates: true,
    apply(current, text, { expand }): Outcome {
      if (text === '') return { effect: 'reset' };
      const value = expand(text);
      if (value === undefined) return ignore('Failed to resolve specifiers');
      const { words, error } = splitWords(value.startsWith('~') ? value.slice(1) : value, 'retain');
      const wrong = words.find((word) => !isValid(word));
      const warning = wrong === undefined ? error : `Failed to parse ${what}, ignoring: ${wrong}`;
      const added = [...listOf(current), value];
      return warning === undefined ? { effect: 'add', value: added } : { effect: 'add', value: added, warning };
    },
  };
}
