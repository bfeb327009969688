import { describe, expect, it } from 'vitest';
import { emptyPassword } from '../../../src/checks/lint/accounts/empty-password.ts';
import type { AnyLintRule, LintRule } from '../../../src/checks/lint/lint-rule.ts';
import { runLint } from '../../../src/checks/lint/run-lint.ts';
import { selectRules } from '../../../src/checks/lint/select-rules.ts';
import { at } from '../../../src/checks/verdict.ts';
import { ImageError } from '../../../src/errors.ts';
import { place, StubFacts } from '../stub-facts.ts';
import { runExample } from './run-example.ts';

const damage = { level: 'damage', code: 'ext4/bad-checksum', message: 'the inode is damaged' } as const;
const gap = { cause: { ...damage, location: place('/etc/passwd') } };

const finder: LintRule<{ words: readonly string[] }> = {
  id: 'test/finder',
  title: 'nothing is found anywhere',
  many: '{count} things are found',
  why: 'Because it is there to be found.',
  fix: 'Look elsewhere.',
  references: [],
  severity: 'should',
  profiles: ['default'],
  cost: 'walk',
  needs: ['platform'],
  options: { words: { title: 'what to find', default: ['one', 'two'] } },
  messages: { found: 'found {word}' },
  examples: [],
  *run(facts, { words }) {
    facts.get('platform');
    for (const word of words)
      yield {
        subject: { kind: 'path', name: word },
        message: 'found',
        data: { word },
        evidence: [at(place(`/${word}`))],
      };
  },
};

const statuses = async (rule: AnyLintRule, facts: StubFacts) =>
  (await runLint([rule], facts)).map(({ verdict }) => verdict.status);

describe('a rule', () => {
  it('has a result for each finding, with its sentence, its subject and its place', async () => {
    const [first, second, ...rest] = await runLint([finder], new StubFacts());
    expect(rest).toEqual([]);
    expect(first).toMatchObject({ id: 'test/finder', origin: 'lint', subject: { kind: 'path', name: 'one' } });
    expect(first?.verdict).toMatchObject({ status: 'fail', message: 'found one', evidence: [at(place('/one'))] });
    expect(second?.verdict).toMatchObject({ message: 'found two' });
  });

  it('says what its findings rest on, as checks do', async () => {
    const bases = async (facts: StubFacts) => (await runLint([finder], facts)).map(({ basis }) => basis);
    expect(await bases(new StubFacts())).toEqual(['present', 'present']);
    expect(await bases(new StubFacts({}, { platform: [gap] }))).toEqual(['unknown']);
  });

  it('takes options by their full name', async () => {
    const settings = new Map([['test/finder.words', ['{word}']]]);
    const [first] = await runLint([finder], new StubFacts(), { settings });
    expect(first?.verdict).toMatchObject({ message: 'found {word}' });
  });

  it('cannot tell where what it looked at is damaged', async () => {
    const facts = new StubFacts({}, { platform: [gap] });
    const [only, ...rest] = await runLint([finder], facts);
    expect(rest).toEqual([]);
    expect(only?.verdict).toEqual({
      status: 'unknown',
      kind: 'inconclusive',
      message: 'the inode is damaged',
      evidence: [at(place('/etc/passwd'))],
    });
  });

  it('keeps findings that stand alone beside the damage', async () => {
    const facts = new StubFacts({}, { platform: [gap] });
    expect(await statuses({ ...finder, standsAlone: true }, facts)).toEqual(['fail', 'fail', 'unknown']);
  });

  it('holds only where it has looked', async () => {
    const error = new ImageError('corrupt', 'ext4/bad-checksum', 'the inode is damaged');
    const passwd = await runExample(emptyPassword, { tree: { '/etc/passwd': { text: 'root:x:0:0::/root:', error } } });
    expect(passwd.map(({ verdict }) => verdict.status)).toEqual(['unknown']);
  });

  it('says why it does not apply, or that it was left out', async () => {
    expect((await runLint([{ ...finder, skip: () => 'not here' }], new StubFacts()))[0]?.verdict).toEqual({
      status: 'skip',
      reason: 'not here',
    });
    const [left] = await runLint([finder], new StubFacts(), { isLeftOut: (id) => id === 'test/finder' });
    expect(left?.verdict).toEqual({ status: 'skip', reason: 'left out by --skip' });
  });
});

describe('selectRules', () => {
  const everything = { isSelected: () => true, isNamed: () => false };
  const ids = (plan: { readonly rules: readonly AnyLintRule[] }) => plan.rules.map(({ id }) => id);

  it('takes what the profiles hold and the cost allows, and counts what costs more', () => {
    const rules = [emptyPassword, finder];
    const quick = selectRules(rules, { profiles: ['default'], cost: 'cheap', settings: new Map() }, everything);
    expect(quick).toMatchObject({ rules: [emptyPassword], dearer: 1 });
    expect(
      ids(selectRules(rules, { profiles: ['default'], cost: 'walk', settings: new Map() }, everything)),
    ).toHaveLength(2);
    expect(
      ids(selectRules(rules, { profiles: ['hardening'], cost: 'content', settings: new Map() }, everything)),
    ).toEqual(['accounts/empty-password']);
  });

  it('takes a rule that is named whatever it costs', () => {
    const isFinder = (id: string) => id === finder.id;
    const selection = { isSelected: isFinder, isNamed: isFinder };
    const plan = selectRules(
      [emptyPassword, finder],
      { profiles: ['hardening'], cost: 'cheap', settings: new Map() },
      selection,
    );
    expect(plan).toMatchObject({ rules: [finder], dearer: 0 });
  });
});
