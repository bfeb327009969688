/** U-Boot's `test` and `[` (cmd/test.c): strings, numbers, `-e` for files; `-a` binds closer than `-o`. Three answers. */
import { comparisons, splitWords } from '../test-words.ts';
import type { Value } from './values.ts';

/** `unknown`: it depends on what only the board knows. */
export type Outcome = 'yes' | 'no' | 'unknown';

/** Whether the words hold; `exists` answers for `-e INTERFACE DEVICE PATH`. */
export function evaluateTest(words: readonly Value[], exists: (device: Value, path: Value) => Outcome): Outcome {
  return any(
    splitWords(words, ({ text }) => text === '-o').map((all) =>
      every(splitWords(all, ({ text }) => text === '-a').map((one) => evaluateOne(one, exists))),
    ),
  );
}

function evaluateOne(words: readonly Value[], exists: (device: Value, path: Value) => Outcome): Outcome {
  const [first, second, third, fourth] = words;
  if (!first) return 'no';
  if (first.text === '!') return negate(evaluateOne(words.slice(1), exists));
  if (first.text === '-e' && third && fourth) return exists(third, fourth);
  if (first.text === '-n' || first.text === '-z') {
    if (second?.unknown !== undefined) return 'unknown';
    return ((second?.text ?? '') === '') === (first.text === '-z') ? 'yes' : 'no';
  }
  const compare = second && comparisons[second.text];
  if (!compare) return first.unknown === undefined ? answer(first.text !== '') : 'unknown';
  if (first.unknown !== undefined || third?.unknown !== undefined) return 'unknown';
  return answer(compare(first.text, third?.text ?? ''));
}

function answer(holds: boolean): Outcome {
  return holds ? 'yes' : 'no';
}

function negate(outcome: Outcome): Outcome {
  return outcome === 'unknown' ? outcome : answer(outcome === 'no');
}

function every(outcomes: readonly Outcome[]): Outcome {
  if (outcomes.includes('no')) return 'no';
  return outcomes.includes('unknown') ? 'unknown' : 'yes';
}

function any(outcomes: readonly Outcome[]): Outcome {
  if (outcomes.includes('yes')) return 'yes';
  return outcomes.includes('unknown') ? 'unknown' : 'no';
}
