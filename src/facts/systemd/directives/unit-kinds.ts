/** Kinds of [Unit], [Socket], [Timer] and [Path]: conditions, mounts, documentation, listeners, elapse times, watches. */

import { parseUnitName } from '../unit-name.ts';
import { parseBoolean } from '../values/boolean.ts';
import { formatCalendar } from '../values/calendar.ts';
import { simplifyPath } from '../values/exec-command.ts';
import { formatSocketAddress } from '../values/socket-address.ts';
import { parseTimeSpan } from '../values/time-span.ts';
import { splitWords } from '../values/words.ts';
import { type DirectiveContext, ignore, type Kind, listOf, type Outcome, type SettingValue } from './directive.ts';
import { resolveUnitReference, wordList } from './list-kinds.ts';
import { isAbsolutePath, scalar } from './scalar-kinds.ts';

/** `|` and `!` in front, then the parameter; kept in that form, in order. `path`: the parameter must be absolute. */
export function condition(parameter: 'path' | 'text'): Kind {
  return {
    accumulates: true,
    apply(current, text, { expand }): Outcome {
      if (text === '') return { effect: 'reset' };
      const trigger = text.startsWith('|') ? '|' : '';
      let rest = text.slice(trigger.length).trimStart();
      const negated = rest.startsWith('!') ? '!' : '';
      rest = rest.slice(negated.length);
      if (parameter === 'text') rest = rest.trimStart();
      const value = expand(rest);
      if (value === undefined) return ignore(`Failed to resolve specifiers in '${text}', ignoring`);
      if (parameter === 'path' && !isAbsolutePath(value)) return ignore(`path is not absolute, ignoring: ${value}`);
      return {
        effect: 'add',
        value: [...listOf(current), trigger + negated + (parameter === 'path' ? simplifyPath(value) : value)],
      };
    },
  };
}

export const documentation = wordList('retain', (word, { expand }) => {
  const value = expand(word);
  return value !== undefined && /^(https?:\/\/|file:\/|info:|man:)./.test(value)
    ? [value]
    : { error: `Invalid URL, ignoring: ${word}` };
});

/** Absolute paths below which mounts are wanted; an empty assignment changes nothing. */
export const mountsFor: Kind = {
  accumulates: true,
  apply(current, text, { expand }): Outcome {
    const { words } = splitWords(text, 'drop');
    const added = words.flatMap((word) => {
      const path = expand(word);
      return path !== undefined && isAbsolutePath(path) ? [simplifyPath(path)] : [];
    });
    const warning = `path is not absolute, ignoring: ${text}`;
    if (added.length === 0) return text === '' ? { effect: 'ignore' } : ignore(warning);
    const value = [...new Set([...listOf(current), ...added])];
    return added.length === words.length ? { effect: 'add', value } : { effect: 'add', value, warning };
  },
};

/** One listener a line, `address (Kind)`, as `systemctl show -p Listen` prints it. All kinds share one list. */
export function listener(label: string): Kind {
  return {
    accumulates: true,
    apply(current, text, { expand }): Outcome {
      if (text === '') return { effect: 'reset' };
      const value = expand(text);
      const address = value === undefined ? undefined : formatSocketAddress(value, label);
      if (address === undefined) return ignore(`Failed to parse address value, ignoring: ${text}`);
      return { effect: 'add', value: [...listOf(current), `${address} (${label})`] };
    },
  };
}

/** Elapse times of a timer, `Base=value`; an empty assignment voids all of them, of every base. */
export function elapse(base: string): Kind {
  return {
    accumulates: true,
    apply(current, text, context): Outcome {
      if (text === '') return { effect: 'reset' };
      const value = parseElapse(base, text, context);
      return value === undefined
        ? ignore(`Failed to parse timer value, ignoring: ${text}`)
        : { effect: 'add', value: [...listOf(current), `${base}=${value}`] };
    },
  };
}

function parseElapse(base: string, text: string, { expand }: DirectiveContext): string | undefined {
  const value = expand(text);
  if (value === undefined) return undefined;
  if (base === 'OnCalendar') return formatCalendar(value);
  const span = parseTimeSpan(value);
  return span === undefined ? undefined : String(span);
}

/** Watches of a path unit, `path (Kind)`; an empty assignment voids all of them. */
export function watch(label: string): Kind {
  return {
    accumulates: true,
    apply(current, text, { expand }): Outcome {
      if (text === '') return { effect: 'reset' };
      const value = expand(text);
      if (value === undefined || !isAbsolutePath(value)) return ignore(`Path is not absolute, ignoring: ${text}`);
      return { effect: 'add', value: [...listOf(current), `${simplifyPath(value)} (${label})`] };
    },
  };
}

/** The one unit a socket, timer or path starts. */
export function triggeredUnit(requiredSuffix?: string): Kind {
  return {
    accumulates: false,
    apply(current, text, context): Outcome {
      const name = resolveUnitReference(context.expand(text), context);
      const isOwnType = name?.endsWith(`.${context.unit.type}`) === true;
      const wrong = name === undefined || isOwnType || (requiredSuffix !== undefined && !name.endsWith(requiredSuffix));
      if (wrong || current !== undefined) return ignore(`not a usable unit, or already set, ignoring: ${text}`);
      return { effect: 'set', value: name };
    },
  };
}

/** Slice=: a slice unit, `` back to the default. */
export const slice = scalar('slice', 'refuse', (text, { expand }) => {
  const name = expand(text);
  return name !== undefined && parseUnitName(name)?.type === 'slice' && parseUnitName(name)?.form === 'plain'
    ? name
    : undefined;
});

const actions = new Set(
  ['none', 'reboot', 'poweroff', 'exit', 'soft-reboot', 'kexec', 'halt'].flatMap((action) =>
    action === 'none' ? [action] : [action, `${action}-force`, `${action}-immediate`],
  ),
);
export const emergencyAction = scalar('emergency action', 'refuse', (text) => (actions.has(text) ? text : undefined));

/** A boolean that stands for a job mode: the older spelling of OnFailureJobMode=. */
export const isolateFlag = scalar('boolean', 'refuse', (text): SettingValue | undefined => {
  const flag = parseBoolean(text);
  return flag === undefined ? undefined : flag ? 'isolate' : 'replace';
});
