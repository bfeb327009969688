/** Kinds of systemd.exec(5) and systemd.service(5): users, directories, capabilities, standard streams, exit statuses. */
import { parseBoolean } from '../values/boolean.ts';
import { allCapabilities, parseCapability } from '../values/capability.ts';
import { formatCpuList, parseCpuList } from '../values/cpu-list.ts';
import { simplifyPath } from '../values/exec-command.ts';
import { parseExitStatus } from '../values/exit-status.ts';
import { parseIntegerWithin } from '../values/integer.ts';
import { parseSignal } from '../values/signal.ts';
import { splitWords } from '../values/words.ts';
import { ignore, type Kind, listOf, type Outcome } from './directive.ts';
import { wordList } from './list-kinds.ts';
import { isAbsolutePath, scalar } from './scalar-kinds.ts';

/** Names that can be users or groups in systemd's relaxed sense, or numeric ids. user-util.c. */
export function isAccountName(name: string): boolean {
  if (name === '' || name === '.' || name === '..' || /^\s|[:/\p{Cc}]|\s$/u.test(name)) return false;
  if (!/^-?[0-9]+$/.test(name)) return name.length <= 255;
  return !/^(?:0.|-)/.test(name) && parseIntegerWithin(name, 0n, 2n ** 32n - 2n) !== undefined && name !== '65535';
}

/** A user or group; an impossible name makes the unit unloadable. */
export const account: Kind = {
  accumulates: false,
  apply(_current, text, { expand }): Outcome {
    if (text === '') return { effect: 'reset' };
    const name = expand(text);
    if (name === undefined || !isAccountName(name))
      return { effect: 'fatal', message: `Invalid user/group name or numeric ID: ${text}` };
    return { effect: 'set', value: name };
  },
};

const accountWords = wordList('drop', (word, { expand }) => {
  const name = expand(word);
  return name !== undefined && isAccountName(name)
    ? [name]
    : { error: `Invalid user/group name or numeric ID: ${word}` };
});
/** Several. A quote that is left open ends the list without a word. */
export const accounts: Kind = {
  accumulates: true,
  apply(current, text, context): Outcome {
    const { words, error } = splitWords(text, 'drop');
    return accountWords.apply(current, error === undefined ? text : words.join(' '), context);
  },
};

/** `-` in front: may be missing (kept as systemctl's `!`); `~`: the user's home. */
export const workingDirectory: Kind = {
  accumulates: false,
  apply(_current, text, { expand }): Outcome {
    if (text === '') return { effect: 'reset' };
    const optional = text.startsWith('-');
    const rest = optional ? text.slice(1) : text;
    const mark = optional ? '!' : '';
    if (rest === '~') return { effect: 'set', value: `${mark}~` };
    const path = expand(rest);
    if (path !== undefined && isAbsolutePath(path)) return { effect: 'set', value: mark + simplifyPath(path) };
    const message = `WorkingDirectory= path is not absolute: ${rest}`;
    return optional ? ignore(message) : { effect: 'fatal', message };
  },
};

function isRelativePath(path: string): boolean {
  return !path.startsWith('/') && simplifyPath(path) !== '' && !path.split('/').includes('..');
}

/** Directories below /run, /var/lib ...; `name:link:flags` keeps the name, then the link. */
export const ownedDirectories = wordList(
  'retain',
  (word, { expand }) => {
    const [name = '', link = '', flags = ''] = word.split(':');
    const path = expand(name);
    const symlink = expand(link);
    const isLinkValid = symlink === '' || (symlink !== undefined && isRelativePath(symlink));
    const valid = path !== undefined && isRelativePath(path) && !/^private(?:\/|$)/.test(simplifyPath(path));
    if (!valid || !isLinkValid || !(flags === '' || flags === 'ro'))
      return { error: `path is not a relative one, ignoring assignment: ${word}` };
    return [
      symlink === undefined || symlink === '' ? simplifyPath(path) : `${simplifyPath(path)}:${simplifyPath(symlink)}`,
    ];
  },
  (list, added) => [...new Set([...list, ...added])],
);

/** The same without links. */
export const plainDirectories: Kind = {
  accumulates: true,
  apply(current, text, context): Outcome {
    const outcome = ownedDirectories.apply(current, text.replace(/:\S*/g, ''), context);
    return text.includes(':') && outcome.effect === 'add'
      ? { ...outcome, warning: `Additional parameter is not supported, ignoring: ${text}` }
      : outcome;
  },
};

/** `CAP_A CAP_B`, `~CAP_A` takes away; the empty assignment empties the set. `initial` is the set before the first one. */
export function capabilities(initial: 'all' | 'none'): Kind {
  const start = initial === 'all' ? allCapabilities : [];
  return {
    accumulates: true,
    apply(current, text): Outcome {
      const inverted = text.startsWith('~');
      const named = new Set<string>();
      for (const word of splitWords(inverted ? text.slice(1) : text, 'drop').words) {
        const name = parseCapability(word);
        if (name !== undefined) named.add(name);
      }
      const before = current === undefined ? start : listOf(current);
      const fresh = named.size === 0 || sameSet(before, start);
      const keep = (name: string): boolean =>
        fresh
          ? named.has(name) !== inverted
          : inverted
            ? before.includes(name) && !named.has(name)
            : before.includes(name) || named.has(name);
      return { effect: fresh ? 'set' : 'add', value: allCapabilities.filter(keep) };
    },
  };
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i]);
}

/** Exit codes and signals; statuses first, each as systemctl prints it. */
export const exitStatuses = wordList('drop', (word) => {
  const status = parseExitStatus(word);
  if (status !== undefined) return [String(status)];
  return parseSignal(word) === undefined ? { error: `Failed to parse value: ${word}` } : [word.replace(/^SIG/, '')];
});

const inputs = new Set(['null', 'tty', 'tty-force', 'tty-fail', 'socket', 'data']);
const outputs = new Set(['inherit', 'null', 'tty', 'kmsg', 'journal', 'kmsg+console', 'journal+console', 'socket']);

export const standardInput = stream(inputs);
export const standardOutput = stream(outputs);

function stream(words: ReadonlySet<string>): Kind {
  return scalar('standard stream specifier', 'refuse', (text, { expand }) => {
    if (words.has(text)) return text;
    if (text === 'fd') return 'fd';
    if (text === 'syslog') return 'journal';
    if (text === 'syslog+console') return 'journal+console';
    const match = /^(fd|file|append|truncate):(.*)$/s.exec(text);
    if (!match) return undefined;
    const [, form, rest = ''] = match;
    const value = expand(rest);
    if (value === undefined) return undefined;
    if (form === 'fd') return `fd:${value}`;
    if (!isAbsolutePath(value)) return undefined;
    return `${form}:${simplifyPath(value)}`;
  });
}

/** Processors or memory nodes, kept as ranges; later lists add to earlier ones. */
export const cpuList: Kind = {
  accumulates: true,
  apply(current, text): Outcome {
    if (text === '') return { effect: 'reset' };
    const numbers = parseCpuList(`${listOf(current).join(' ')} ${text}`);
    if (numbers === undefined) return ignore(`Failed to parse CPU set, ignoring: ${text}`);
    return { effect: 'add', value: formatCpuList(numbers) };
  },
};

/** Yes, no, or words with an optional inverting `~` (namespaces, address families, system calls): kept as lines. */
export const filterLines: Kind = {
  accumulates: true,
  apply(current, text, { expand }): Outcome {
    if (text === '') return { effect: 'reset' };
    const value = expand(text);
    return value === undefined
      ? ignore('Failed to resolve specifiers')
      : { effect: 'add', value: [...listOf(current), value] };
  },
};

const namespaceTypes = ['cgroup', 'ipc', 'net', 'mnt', 'pid', 'user', 'uts'] as const;

/** RestrictNamespaces=: `yes` forbids all, a list allows these only, `~` inverts; later lists add up. */
export const restrictNamespaces: Kind = {
  accumulates: true,
  apply(current, text): Outcome {
    if (text === '') return { effect: 'reset' };
    const flag = parseBoolean(text);
    if (flag !== undefined) return { effect: 'set', value: flag ? 'yes' : 'no' };
    const inverted = text.startsWith('~');
    const { words, error } = splitWords(inverted ? text.slice(1) : text, 'drop');
    if (error !== undefined) return ignore(`Failed to parse namespace type string, ignoring: ${text}`);
    const named = new Set(words);
    const unknown = [...named].find((word) => !namespaceTypes.some((type) => type === word));
    if (unknown !== undefined) return ignore(`Failed to parse namespace type string, ignoring: ${unknown}`);
    const earlier = typeof current === 'string' && current !== 'no' ? allowedNamespaces(current) : undefined;
    const allowed = namespaceTypes.filter((type) =>
      earlier === undefined
        ? named.has(type) !== inverted
        : inverted
          ? earlier.has(type) && !named.has(type)
          : earlier.has(type) || named.has(type),
    );
    const value = allowed.length === 0 ? 'yes' : allowed.length === namespaceTypes.length ? 'no' : allowed.join(' ');
    return { effect: earlier === undefined ? 'set' : 'add', value };
  },
};

function allowedNamespaces(shown: string): ReadonlySet<string> {
  return shown === 'yes' ? new Set() : new Set(shown.split(' '));
}
