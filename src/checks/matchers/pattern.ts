/**
 * Regular expressions in time linear to the text: a subset without back-references and look-around, run as a set of
 * states (Thompson 1968). V8's own engine can take for ever on a text an image chose.
 * Syntax: literals, `.`, classes, `\d \w \s \b` and their negations, groups, `|`, `* + ? {m,n}`, `^ $`, leading `(?i)`.
 */
import { type Instruction, PatternSyntaxError, parsePattern } from './pattern-syntax.ts';

export interface Pattern {
  /** True, false, or undefined when the budget of steps ran out: that is not "no match". */
  test(text: string): boolean | undefined;
}

const maxSteps = 30_000_000;
const compiled = new Map<string, Pattern>();

/** Throws PatternSyntaxError if the pattern is outside the subset. Equal sources share one pattern. */
export function compilePattern(source: string): Pattern {
  const known = compiled.get(source);
  if (known) return known;
  const program = parsePattern(source);
  const pattern = { test: (text: string) => run(program, text) };
  compiled.set(source, pattern);
  return pattern;
}

/** Why the pattern cannot be used, or undefined if it can. */
export function patternProblem(source: string): string | undefined {
  try {
    compilePattern(source);
    return undefined;
  } catch (error) {
    if (error instanceof PatternSyntaxError) return error.message;
    throw error;
  }
}

function run(program: readonly Instruction[], text: string): boolean | undefined {
  let steps = 0;
  let current: number[] = [];
  let next: number[] = [];
  /** Position (plus 1) at which a state was last entered. */
  const entered = new Int32Array(program.length);
  const stack: number[] = [];
  const enter = (states: number[], start: number, at: number): boolean => {
    stack.push(start);
    for (let state = stack.pop(); state !== undefined; state = stack.pop()) {
      if (entered[state] === at + 1) continue;
      entered[state] = at + 1;
      steps++;
      const instruction = program[state] as Instruction;
      if (instruction.kind === 'match') {
        stack.length = 0;
        return true;
      }
      if (instruction.kind === 'split') stack.push(...instruction.to);
      else if (instruction.kind === 'assert') {
        if (instruction.holds(text, at)) stack.push(state + 1);
      } else states.push(state);
    }
    return false;
  };
  for (let at = 0; at <= text.length; at++) {
    if (enter(current, 0, at)) return true;
    if (at === text.length || steps > maxSteps) break;
    const unit = text.charCodeAt(at);
    for (const state of current) {
      steps++;
      const instruction = program[state] as Instruction;
      if (instruction.kind === 'unit' && instruction.accepts(unit) && enter(next, state + 1, at + 1)) return true;
    }
    [current, next] = [next, current];
    next.length = 0;
  }
  return steps > maxSteps ? undefined : false;
}
