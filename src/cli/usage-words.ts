/** What commander says of a command line, in the words of every other message: one line, what is wrong, and what to do. */

/** `[pattern, words]`; `$0` in the words is the command with its name. Texts of commander 14, lib/command.js and lib/argument.js. */
const rows: readonly (readonly [said: RegExp, words: string])[] = [
  [/^unknown option '(.*)'\n\(Did you mean (?:one of )?(.*)\?\)$/s, 'unknown option $1; did you mean $2?'],
  [/^unknown option '(.*)'$/s, 'unknown option $1; try $0 --help'],
  [/^unknown command '(.*)'\n\(Did you mean (?:one of )?(.*)\?\)$/s, 'there is no command $1; did you mean $2?'],
  [/^unknown command '(.*)'$/s, 'there is no command $1; try $0 --help'],
  [/^missing required argument '(.*)'$/s, 'no $1 given; try $0 --help'],
  [/^option '(--\S*).*' argument missing$/s, '$1 needs a value; try $0 --help'],
  [
    /^option '(?:-\S, )?(--\S*).*?' argument '(.*)' is invalid\. Allowed choices are (.*)\.$/s,
    '$1 cannot be $2; known are $3',
  ],
  [
    /^command-argument value '(.*)' is invalid for argument '(.*)'\. Allowed choices are (.*)\.$/s,
    'the $2 cannot be $1; known are $3',
  ],
  [
    /^too many arguments for '(.*)'\. Expected (\d+ arguments?) but got (\d+)\.$/s,
    '$1 takes $2, not $3; try $0 --help',
  ],
];

/** `command` is `check-image extract`. What has no row is said as it is, on one line. */
export function describeUsage(said: string, command: string): string {
  const text = said.trim().replace(/^error: /, '');
  for (const [pattern, words] of rows) {
    const match = pattern.exec(text);
    if (match) return words.replace(/\$(\d)/g, (_, i: string) => (i === '0' ? command : (match[Number(i)] ?? '')));
  }
  return text.replace(/\s*\n\s*/g, ' ');
}
