/**
 * Which programs a shell script of an initrd calls, as far as its text shows it without being run: plain words where a command
 * begins. Words made of variables, here-documents and what the script itself asks for beforehand (`command -v`, `[ -x`) are left
 * out, so that a program listed here is one the script takes for granted.
 */

export interface ScriptCall {
  /** A name, or an absolute path. */
  readonly program: string;
  /** From 1. */
  readonly line: number;
}

/** Behind these words a command begins. */
const openers = new Set(['if', 'then', 'elif', 'else', 'while', 'until', 'do', 'time', 'exec', '!', '{', '(']);
const plainWord = /^[A-Za-z0-9_./+-]+$/;
const assignment = /^[A-Za-z_]\w*\+?=/;

/** The calls in the order of the script, each program once. */
export function findScriptCalls(text: string): readonly ScriptCall[] {
  const asked = findAsked(text);
  const calls = new Map<string, ScriptCall>();
  let heredoc: string | undefined;
  let quote = '';
  for (const [index, raw] of text.split('\n').entries()) {
    if (heredoc !== undefined) {
      if (raw.trim() === heredoc) heredoc = undefined;
      continue;
    }
    const { commands, openQuote } = splitLine(raw, quote);
    quote = openQuote;
    for (const program of commands.flatMap(programOf))
      if (!asked.has(program) && !calls.has(program)) calls.set(program, { program, line: index + 1 });
    heredoc = /<<-?\s*(["']?)([A-Za-z_]\w*)\1/.exec(raw)?.[2];
  }
  return [...calls.values()];
}

/** Programs whose absence the script looks at itself, and functions it defines. */
function findAsked(text: string): ReadonlySet<string> {
  const asked = new Set<string>();
  const patterns = [
    /(?:command[ \t]+-v|type|which|hash)[ \t]+["']?([\w./+-]+)/g,
    /\s-[efxsh][ \t]+["']?([\w./+-]+)/g,
    /(?:^|\n)\s*(?:function\s+)?([\w-]+)\s*\(\)/g,
    /\balias\s+([\w-]+)=/g,
  ];
  for (const pattern of patterns) for (const [, name = ''] of text.matchAll(pattern)) asked.add(name);
  return asked;
}

/** The words of each command on a line; text in quotes counts as one word that is none. `quote`: open from the line before. */
function splitLine(line: string, quote: string): { commands: readonly (readonly string[])[]; openQuote: string } {
  const commands: string[][] = [[]];
  let open = quote;
  let word = quote === '' ? '' : '"';
  const endWord = (): void => {
    if (word !== '') commands.at(-1)?.push(word);
    word = '';
  };
  for (let at = 0; at < line.length; at++) {
    const character = line.charAt(at);
    if (open !== '') {
      if (character === '\\' && open === '"') at++;
      else if (character === open) open = '';
      continue;
    }
    if (character === '"' || character === "'") {
      open = character;
      word += '"';
    } else if (character === '\\') {
      word += '"';
      at++;
    } else if (character === '#' && word === '') break;
    else if (/\s/.test(character)) endWord();
    else if (character === ';' || character === '&' || character === '|') {
      endWord();
      commands.push([]);
    } else word += character;
  }
  endWord();
  return { commands, openQuote: open };
}

/** The word that is called: behind keywords and assignments, if it is plain. */
function programOf(words: readonly string[]): string[] {
  const at = words.findIndex((word) => !openers.has(word) && !assignment.test(word));
  const program = words[at];
  if (program === undefined || !plainWord.test(program)) return [];
  return [program];
}
