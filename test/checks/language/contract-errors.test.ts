import { describe, expect, it } from 'vitest';
import { ContractError, formatProblem } from '../../../src/checks/contract-error.ts';
import { completeContract } from '../../../src/checks/language/complete-contract.ts';
import { parseContract } from '../../../src/checks/language/parse-contract.ts';

function problemsOf(text: string): string[] {
  try {
    completeContract(parseContract(text, 'c.yaml'));
    return [];
  } catch (error) {
    if (!(error instanceof ContractError)) throw error;
    return error.problems.map(formatProblem);
  }
}

const check = (claim: string): string => `contract: c\nchecks:\n  A-1:\n    title: a\n    ${claim}\n`;

describe('a contract with a mistake is refused at its line', () => {
  it.each([
    ['contract: c\ncheks: {}', 'c.yaml:2:1: unknown key cheks; did you mean checks?'],
    [
      'contract: c\nchecks:\n  A 1:\n    title: a',
      'c.yaml:3:3: A 1 cannot be used as a name; it must match ^[A-Za-z][A-Za-z0-9._-]*$',
    ],
    [
      check('file: { path: /x }\n    severity: { a: b }'),
      'c.yaml:6:15: severity cannot be a map; known are must, should, info',
    ],
    [
      check('file: { path: /x }\n    severity: [must]'),
      'c.yaml:6:15: severity cannot be a list; known are must, should, info',
    ],
    [
      check('file: { path: /x, owner: root }'),
      'c.yaml:5:5: A-1 cannot be judged: root is not a pair of numbers such as 0:0',
    ],
    [
      'contract: c\nchecks: [\n  A-1:\n    title: a\n    file: { path: /x }\n',
      'c.yaml:4:12: Nested mappings are not allowed in compact mappings',
    ],
    [check('fiel: { path: /x }'), 'c.yaml:5:5: unknown key fiel; did you mean file?'],
    [check('file: { path: /x, mod: 644 }'), 'c.yaml:5:23: unknown key mod; did you mean mode?'],
    [
      check('file: { path: etc/x }'),
      'c.yaml:5:19: path cannot be etc/x; An absolute path, or several: one of them must be there (with absent: none).',
    ],
    [check('file: { path: /x }\n    severity: mist'), 'c.yaml:6:15: severity cannot be mist; did you mean must?'],
    [check('symlink: { path: /x }'), 'c.yaml:5:5: symlink lacks to'],
    [check('file: { path: 7 }'), 'c.yaml:5:19: path must be text or a list'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the syntax of contracts
    [check('file: { path: "${hone}/x" }'), 'c.yaml:5:5: unknown name hone in ${hone}; known are platform'],
    [check('rule: { name: one-rule }'), 'c.yaml:5:5: unknown rule one-rule; did you mean one-role?'],
    [
      check('rule: { name: slice-tasks, unti: x }'),
      'c.yaml:5:5: unknown option unti of the rule slice-tasks; did you mean unit?',
    ],
    [check('needs: [A-2]\n    file: { path: /x }'), 'c.yaml:3:3: needs A-2, which is no check; did you mean A-1?'],
    [check('needs: [A-1]\n    file: { path: /x }'), 'c.yaml:3:3: A-1 needs itself'],
    [
      check('when: { rle: server }\n    file: { path: /x }'),
      'c.yaml:3:3: unknown parameter rle in when; known are platform',
    ],
    [check('when: { platform: isa }\n    file: { path: /x }'), 'c.yaml:3:3: platform is never isa; did you mean isar?'],
    [
      'contract: c\nchecks:\n  A-1:\n    title: a',
      'c.yaml:3:3: A-1 claims nothing: give it file, unit, rule ... or say why it is undecidable',
    ],
    ['contract: c\nchecks:\n  A-1:\n    file: { path: /x }', 'c.yaml:3:3: A-1 lacks title'],
    ['contract: c', 'c: the contract has no checks'],
    ['', 'c.yaml:1:1: the document is empty'],
    ['a: 1\n---\nb: 2', 'c.yaml:2:1: more than one document'],
    ['contract: c\ncontract: d', 'c.yaml:2:1: Map keys must be unique'],
    ['contract: !!js/function x', 'c.yaml:1:11: Unresolved tag: tag:yaml.org,2002:js/function'],
    ['contract: c\n1: x', 'c.yaml:2:1: a key that is not text: put it in quotes'],
  ])('%j', (text, problem) => {
    expect(problemsOf(text)[0]).toBe(problem);
  });

  it('says everything that is wrong at once', () => {
    expect(problemsOf('contract: c\nchecks:\n  A: { titel: a }\n  B: { title: b, fiel: {} }')).toHaveLength(2);
  });
});

describe('a check that cannot fail is refused', () => {
  it.each([
    ['file: { path: /x, optional: true }', 'an optional file of which nothing is said'],
    ['file: { path: /x, mode: { within: "7777" } }', 'every mode lies within 7777'],
    ['file: { path: /x, absent: true, mode: 644 }', 'a file that must be absent has no properties'],
    ['symlink: { path: /x, to: /x }', 'a path always leads to itself'],
    ['unit: { name: a.service }', 'nothing is said about the unit: use loaded, started or directive'],
    ['unit: { name: a.service, directive: Service.Type }', 'directive and value belong together'],
    ['unit: { name: a.service, directive: Service.RestartSec, value: soon }', 'soon is not a time span'],
    ['sysctl: { key: a.b, value: { matches: x* } }', 'the pattern x* matches every text'],
    ['sysctl: { key: a.b, value: { accept: { min: 1 } } }', 'the value is compared with nothing'],
    ['content: { path: /x }', 'nothing is said about the text'],
    ['content: { path: /x, at: a, value: 1 }', 'at needs a structured format'],
    ['secret: { path: /x }', 'nothing is said about the secret'],
    ['package: { name: x, absent: true, version: "1" }', 'a package that must be absent has no version'],
    [
      'sysctl: { key: a.b, value: { matches: "(?=x)" } }',
      'pattern (?=x): look-around, names and flags are not supported (at character 2)',
    ],
  ])('%s', (claim, reason) => {
    expect(problemsOf(check(claim))).toEqual([`c.yaml:5:5: A-1 cannot be judged: ${reason}`]);
  });
});

describe('a hostile contract', () => {
  it.each([
    ['brackets', `contract: ${'['.repeat(1900)}\n`.repeat(60)],
    ['a long line', `contract: ${'x'.repeat(5000)}`],
    ['nested lists', `contract:\n  ${'- '.repeat(900)}x`],
    ['aliases', `contract: c\na: &a [x]\nb: &b [*a, *a]\nchecks: [*b, *b]`],
    ['a large text', `contract: c # ${'x\n#'.repeat(600_000)}`],
  ])('%s: ends in a problem with a line', (_, text) => {
    expect(problemsOf(text)[0]).toMatch(/^c\.yaml:\d+/);
  });
});
