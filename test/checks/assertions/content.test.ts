import { describe, expect, it } from 'vitest';
import { judge } from '../judge.ts';
import { file, place, StubFacts } from '../stub-facts.ts';

const path = '/etc/app.conf';
const judgeText = (text: string | undefined, options: object, kind = 'content') =>
  judge(
    kind,
    { path, ...options },
    new StubFacts(
      text === undefined
        ? {}
        : {
            text: { [path]: { path, state: 'present', text, location: place(path) } },
            file: { [path]: file(path, { mode: 0o600 }) },
          },
    ),
  );

describe('content', () => {
  it.each<[string, string, object, string]>([
    ['text', 'yes\n', { value: 'yes' }, 'pass'],
    ['text', 'no\n', { value: 'yes' }, 'fail'],
    ['a pattern', 'a\nport=22\n', { value: { matches: '^port=[0-9]+$' } }, 'pass'],
    ['a line that must not be', 'a\nport=22\n', { forbids: '^port=22$' }, 'fail'],
    ['json', '{"a":{"b":[1,2]}}', { format: 'json', at: ['a', 'b', 1], value: 2 }, 'pass'],
    ['json', '{"a":', { format: 'json' }, 'fail'],
    ['yaml', 'a:\n  b: true\n', { format: 'yaml', at: 'a.b', value: true }, 'pass'],
    ['yaml', 'a: [\n', { format: 'yaml' }, 'fail'],
    ['ini', '[main]\n# x\nkey = value\n', { format: 'ini', at: 'main.key', value: 'value' }, 'pass'],
    ['ini, the last of equal keys', '[m]\nk=1\n[m]\nk=2\n', { format: 'ini', at: 'm.k', value: '2' }, 'pass'],
    ['env', 'A="x y"\n# B=1\n', { format: 'env', at: 'A', value: 'x y' }, 'pass'],
    ['env', '9A=1\n', { format: 'env' }, 'fail'],
    ['a key that is not there', '{}', { format: 'json', at: 'a', value: 1 }, 'fail'],
    ['a key that must not be there', '{}', { format: 'json', at: 'a', value: { absent: true } }, 'pass'],
    ['no member of the prototype', '{}', { format: 'json', at: 'toString', value: { absent: true } }, 'pass'],
  ])('%s %j', async (_, text, options, status) => {
    expect(await judgeText(text, options)).toMatchObject({ status });
  });

  it('shows the line', async () => {
    expect(await judgeText('a\nport=22\n', { forbids: 'port=22' })).toMatchObject({
      evidence: [{ location: { line: 2 }, excerpt: 'port=22' }],
    });
    expect(await judgeText('a: 1\nb: [\n', { format: 'yaml' })).toMatchObject({
      evidence: [{ location: { line: 3 } }],
    });
  });

  it('skips or fails without the file, as the contract says', async () => {
    expect(await judgeText(undefined, { value: 'x', optional: true })).toMatchObject({ status: 'skip' });
    expect(await judgeText(undefined, { value: 'x' })).toMatchObject({ status: 'fail', found: 'missing' });
  });

  it('cannot tell from a file that cannot be read', async () => {
    const facts = new StubFacts({
      text: { [path]: { path, state: 'unreadable', reason: 'damaged', location: place(path) } },
    });
    expect(await judge('content', { path, value: 'x' }, facts)).toMatchObject({
      status: 'unknown',
      message: `${path} could not be read: damaged`,
    });
  });
});

describe('secret', () => {
  it.each<[string, string, object, string]>([
    ['one line', 'abc\n', { 'single-line': true }, 'pass'],
    ['nothing', ' \n', { 'single-line': true }, 'fail'],
    ['two lines', 'a\nb\n', { 'single-line': true }, 'fail'],
    ['a carriage return', 'a\r\n', { 'single-line': true }, 'fail'],
    ['a placeholder', 'changeme\n', { forbids: ['^changeme$'] }, 'fail'],
    ['a mode too open', 'abc', { mode: { within: '0400' } }, 'fail'],
    ['another owner', 'abc', { owner: '1:1' }, 'fail'],
  ])('%s', async (_, text, options, status) => {
    const verdict = await judgeText(text, options, 'secret');
    expect(verdict.status).toBe(status);
    if (status === 'fail') expect(JSON.stringify(verdict)).not.toContain('changeme');
  });
});
