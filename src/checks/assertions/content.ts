/**
 * `content`: what a text file says, as a whole, line by line, or at a place in a structured format. A file that is not valid
 * in the format it is said to have fails, whatever else is asked.
 */
import type { TextFact } from '../../facts/files/text-fact.ts';
import type { Judge, Verdict } from '../check.ts';
import { domains } from '../matchers/domain.ts';
import { type Matcher, matcherProblem } from '../matchers/matcher.ts';
import { compilePattern, patternProblem } from '../matchers/pattern.ts';
import { dataAt, parseStructured, type StructuredFormat } from '../structured/structured-text.ts';
import { at, fail, inconclusive, joinVerdicts, pass, skip } from '../verdict.ts';
import { judgeClaim } from './value.ts';

export interface ContentOptions {
  readonly path: string;
  readonly optional?: true;
  readonly format?: 'text' | StructuredFormat;
  readonly at?: string | readonly (string | number)[];
  readonly value?: Matcher;
  /** A pattern no line may match. */
  readonly forbids?: string;
}

export const contentAssertion: Judge<ContentOptions> = {
  id: 'content',
  title: 'A file says something: as text, or at a place in YAML, JSON, INI or an environment file',
  needs: ['text'],
  cannotFail: ({ format = 'text', at: place, value, forbids }) => {
    if (place !== undefined && format === 'text') return 'at needs a structured format';
    if (place !== undefined && value === undefined) return 'at needs a value';
    if (format === 'text' && value === undefined && forbids === undefined) return 'nothing is said about the text';
    const problem = value === undefined ? undefined : matcherProblem(value);
    return problem ?? (forbids === undefined ? undefined : patternProblem(forbids));
  },
  evaluate: async (options, facts) => {
    const fact = facts.get('text', options.path);
    if (fact.state === 'unreadable')
      return inconclusive(`${options.path} could not be read: ${fact.reason ?? 'no reason given'}`, fact.location);
    if (fact.state === 'missing' || fact.text === undefined) {
      if (options.optional) return skip(`there is no ${options.path}`);
      return fail(`there is no ${options.path}`, {
        expected: 'present',
        found: 'missing',
        evidence: [at(fact.location)],
      });
    }
    const { format = 'text' } = options;
    const said = format === 'text' ? judgeText(options, fact) : await judgeStructure(options, format, fact);
    return joinVerdicts([said, ...judgeLines(options, fact)], 'must');
  },
};

function judgeText({ path, value }: ContentOptions, { text, location }: TextFact): Verdict {
  const evidence = [at(location)];
  if (value === undefined) return pass(undefined, evidence);
  const found = text?.replace(/\n$/, '');
  const verdict = judgeClaim({ subject: `the text of ${path}`, wanted: value, found, domain: domains.text, evidence });
  if (verdict.status !== 'fail' || (found ?? '').length < 80) return verdict;
  return { ...verdict, message: `the text of ${path} is not what is wanted: ${verdict.expected}` };
}

async function judgeStructure(options: ContentOptions, format: StructuredFormat, fact: TextFact): Promise<Verdict> {
  const { path, value } = options;
  const parsed = await parseStructured(fact.text ?? '', format);
  if ('problem' in parsed) {
    const { problem, line, column } = parsed;
    const place = {
      ...fact.location,
      ...(line === undefined ? {} : { line }),
      ...(column === undefined ? {} : { column }),
    };
    return fail(`${path} ${problem}`, { expected: `valid ${format}`, evidence: [at(place)] });
  }
  if (value === undefined) return pass(undefined, [at(fact.location)]);
  const keys = typeof options.at === 'string' ? options.at.split('.') : (options.at ?? []);
  const data = dataAt(parsed.data, keys);
  return judgeClaim({
    subject: `${keys.length > 0 ? keys.join('.') : 'the content'} of ${path}`,
    wanted: value,
    found: data === undefined ? undefined : typeof data === 'string' ? data : JSON.stringify(data),
    domain: domains.text,
    evidence: [at(fact.location)],
  });
}

function judgeLines({ path, forbids }: ContentOptions, { text = '', location }: TextFact): Verdict[] {
  if (forbids === undefined) return [];
  const pattern = compilePattern(forbids);
  for (const [i, line] of text.split('\n').entries()) {
    const matches = pattern.test(line);
    const place = { ...location, line: i + 1 };
    if (matches === undefined) return [inconclusive(`${path}: the pattern takes too long on this text`, place)];
    if (matches)
      return [
        fail(`${path} has a line that matches ${forbids}`, {
          expected: 'no such line',
          evidence: [at(place, 'at', line)],
        }),
      ];
  }
  return [];
}
