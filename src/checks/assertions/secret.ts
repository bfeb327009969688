/** `secret`: a file whose content others must not see, and which really holds a secret. The secret itself is never shown. */
import type { FileFact } from '../../facts/files/file-fact.ts';
import type { TextFact } from '../../facts/files/text-fact.ts';
import type { FactLookup, Judge, Verdict } from '../check.ts';
import { domains } from '../matchers/domain.ts';
import { type Matcher, matcherProblem } from '../matchers/matcher.ts';
import { compilePattern, patternProblem } from '../matchers/pattern.ts';
import { at, fail, inconclusive, joinVerdicts, pass, skip } from '../verdict.ts';
import { type FileOptions, fileAssertion } from './file.ts';

export interface SecretOptions {
  readonly path: string;
  readonly optional?: true;
  readonly mode?: Matcher;
  readonly owner?: Matcher;
  readonly 'single-line'?: true;
  /** Patterns of well-known or placeholder values. */
  readonly forbids?: readonly string[];
}

export const secretAssertion: Judge<SecretOptions> = {
  id: 'secret',
  title: 'A file holds a secret nobody else may read, and it is neither empty nor well known',
  needs: ['file', 'text'],
  cannotFail: (options) => {
    const { mode, owner, forbids = [] } = options;
    if (mode === undefined && owner === undefined && !options['single-line'] && forbids.length === 0)
      return 'nothing is said about the secret';
    const problem = mode === undefined ? undefined : matcherProblem(mode, domains.mode);
    return problem ?? forbids.map(patternProblem).find((one) => one !== undefined);
  },
  evaluate: async (options, facts) => {
    const { path, mode, owner } = options;
    const fact = facts.get('file', path);
    if (fact.state === 'missing' && options.optional) return skip(`there is no ${path}`);
    const claims: FileOptions = {
      path,
      type: 'file',
      ...(mode === undefined ? {} : { mode }),
      ...(owner === undefined ? {} : { owner }),
    };
    const onDisk = await fileAssertion.evaluate(claims, facts);
    return fact.state === 'present' ? joinVerdicts([onDisk, judgeText(options, fact, facts)], 'must') : onDisk;
  },
};

function judgeText(options: SecretOptions, file: FileFact, facts: FactLookup): Verdict {
  const { path, forbids = [] } = options;
  if (!options['single-line'] && forbids.length === 0) return pass();
  if (file.stat?.type !== 'file') return pass();
  const fact = facts.get('text', path);
  if (fact.state !== 'present' || fact.text === undefined)
    return inconclusive(`${path} could not be read: ${fact.reason ?? 'no reason given'}`, fact.location);
  const problem = options['single-line'] ? lineProblem(fact.text) : undefined;
  if (problem !== undefined)
    return fail(`${path} ${problem}`, { expected: 'one line', found: problem, evidence: [at(fact.location)] });
  return judgeForbidden(path, forbids, fact);
}

/** What keeps a text from being one line of secret. */
export function lineProblem(text: string): string | undefined {
  if (text.trim() === '') return 'is empty';
  if (text.includes('\r')) return 'has a carriage return in it';
  return text.trim().includes('\n') ? 'has more than one line' : undefined;
}

function judgeForbidden(path: string, forbids: readonly string[], fact: TextFact): Verdict {
  const secret = (fact.text ?? '').trim();
  for (const source of forbids) {
    const matches = compilePattern(source).test(secret);
    if (matches === undefined) return inconclusive(`${path}: the pattern takes too long on this text`, fact.location);
    if (matches)
      return fail(`${path} holds a well-known value`, {
        found: 'well known',
        evidence: [at({ ...fact.location, line: 1 })],
      });
  }
  return pass();
}
