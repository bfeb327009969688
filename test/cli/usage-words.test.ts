/** Every way a command line can be wrong for commander itself, told on one line with what to do. */
import { Argument, Command, Option } from 'commander';
import { describe, expect, it } from 'vitest';
import { describeUsage } from '../../src/cli/usage-words.ts';

/** What commander writes of a command line, and the words for it. */
function sayOf(...words: readonly string[]): { readonly said: string; readonly words: string } {
  let said = '';
  const program = new Command('check-image');
  const child = program
    .command('copy')
    .argument('<image>')
    .addArgument(new Argument('[how]').choices(['a', 'b']));
  child.addOption(new Option('-w, --with <what>', 'what').choices(['x', 'y'])).option('--set <name=value>');
  for (const one of [program, child])
    one
      .exitOverride()
      .allowExcessArguments(false)
      .configureOutput({ outputError: (text) => (said += text) });
  expect(() => program.parse(words, { from: 'user' })).toThrow();
  return { said, words: describeUsage(said, 'check-image copy') };
}

describe('a command line that commander refuses', () => {
  it.each([
    [['copy'], 'no image given; try check-image copy --help'],
    [['copy', 'i', 'c'], 'the how cannot be c; known are a, b'],
    [['copy', 'i', 'a', 'b'], 'copy takes 2 arguments, not 3; try check-image copy --help'],
    [['copy', '--nothing', 'i'], 'unknown option --nothing; try check-image copy --help'],
    [['copy', '--wit', 'x', 'i'], 'unknown option --wit; did you mean --with?'],
    [['copy', '-w', 'z', 'i'], '--with cannot be z; known are x, y'],
    [['copy', 'i', '--set'], '--set needs a value; try check-image copy --help'],
    [['cpy'], 'there is no command cpy; did you mean copy?'],
    [['frobnicate'], 'there is no command frobnicate; try check-image copy --help'],
  ])('%j', (argv, wanted) => {
    expect(sayOf(...argv).words).toBe(wanted);
  });

  it('is told as commander tells it where nobody has words for it', () => {
    expect(describeUsage('error: something\n(and more)\n', 'x')).toBe('something (and more)');
  });
});
