/** What systemd-analyze and systemd-escape said about single values. */
import { expect, test } from 'vitest';
import {
  escapePath,
  escapeUnitName,
  isValidAliasLink,
  parseUnitName,
  unescapePath,
} from '../../src/facts/systemd/unit-name.ts';
import { parseSize } from '../../src/facts/systemd/values/size.ts';
import { formatTimeSpan, parseTimeSpan } from '../../src/facts/systemd/values/time-span.ts';
import { casesOfKind, type RecordedCase } from './load-cases.ts';

type Question = Readonly<Record<string, string | number | readonly string[]>>;

/** The answer to each kind of question, in the shape the cases have it. */
const answers: Readonly<Record<string, (question: Question) => unknown>> = {
  timespan({ text }) {
    const span = parseTimeSpan(String(text));
    return span === undefined
      ? { valid: false, usec: null, human: null }
      : { valid: true, usec: Number(span), human: formatTimeSpan(span) };
  },
  size({ text, base }) {
    const bytes = parseSize(String(text), base === 1000 ? 1000 : 1024);
    return bytes === undefined ? { valid: false, bytes: null } : { valid: true, bytes: bytes.toString() };
  },
  'unit-name'({ text }) {
    const form = parseUnitName(String(text))?.form;
    return { plain: form === 'plain', template: form === 'template', instance: form === 'instance' };
  },
  escape({ text, args }) {
    const convert =
      Array.isArray(args) && args.includes('--unescape')
        ? unescapePath
        : Array.isArray(args) && args.includes('--path')
          ? escapePath
          : escapeUnitName;
    const result = convert(String(text));
    return { valid: result !== undefined, text: result };
  },
  'alias-link'({ link, target }) {
    return { valid: isValidAliasLink(String(link), String(target)) };
  },
};

const recorded: readonly RecordedCase[] = Object.keys(answers).flatMap(casesOfKind);

test.each(recorded.map((each) => [each.id, each] as const))('%s', (_id, { question, expected }) => {
  const answer = answers[question.kind];
  expect(answer?.(question as unknown as Question)).toEqual(expected);
});
