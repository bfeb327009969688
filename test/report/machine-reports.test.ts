/** What the formats of pipelines look like for one result; that they parse for every result is in hostile.test.ts. */
import { describe, expect, it } from 'vitest';
import type { ImageResult, RunResult } from '../../src/checks/result.ts';
import { githubReporter } from '../../src/report/github-report.ts';
import { gitlabReporter } from '../../src/report/gitlab-report.ts';
import { junitReporter } from '../../src/report/junit-report.ts';
import { markdownReporter } from '../../src/report/markdown-report.ts';
import { reporters } from '../../src/report/registry.ts';
import type { Reporter } from '../../src/report/reporter.ts';
import { tapReporter } from '../../src/report/tap-report.ts';
import { parseXml, type XmlElement } from './parse-xml.ts';
import { judged, run, unreadable } from './sample-result.ts';

const render = (reporter: Reporter, result: RunResult = run(judged, unreadable)): string =>
  reporter.render(result, { color: false });

it.each(['junit', 'sarif', 'html', 'json', 'github', 'tap', 'text'])(
  '%s says what a verdict rests on',
  async (format) => {
    const reporter = await reporters[format]?.load();
    expect(reporter?.render(run(judged), { color: false })).toContain('derived');
  },
);

it.each([
  [junitReporter, '<error message="cannot tell: cut off" type="must">'],
  [tapReporter, 'not ok 1 - node.wic: gpt/truncated the image is the one that was built\n'],
  [gitlabReporter, '"gpt/truncated"'],
  [githubReporter, '::error '],
  [markdownReporter, 'cut off'],
])('damage that leaves no verdict fails the pipeline as the exit code does', (reporter, expected) => {
  const diagnostic = { level: 'damage', code: 'gpt/truncated', message: 'cut off', touches: 'everything' } as const;
  const results = judged.judgement.results.filter(({ verdict }) => verdict.status === 'pass');
  const image = { ...judged, judgement: { ...judged.judgement, results }, diagnostics: [diagnostic] };
  expect(render(reporter, run(image))).toContain(expected);
});

describe('the JUnit report', () => {
  const suites = parseXml(render(junitReporter));
  const cases = suites.children.flatMap(({ children }) => children.filter(({ name }) => name === 'testcase'));
  const caseOf = (id: string): XmlElement | undefined =>
    cases.find(({ attributes }) => attributes.name?.startsWith(id));

  it('counts what its elements are', () => {
    expect(suites.attributes).toEqual({ name: 'check-image', tests: '10', failures: '1', errors: '2', skipped: '5' });
    const count = (name: string) => cases.filter(({ children }) => children[0]?.name === name).length;
    expect([cases.length, count('failure'), count('error'), count('skipped')]).toEqual([10, 1, 2, 5]);
  });

  it('has a failure with its evidence, at its line of the contract', () => {
    expect(caseOf('A-02')).toMatchObject({
      attributes: { classname: 'node.wic', name: 'A-02 a requirement', file: 'k3s.yaml', line: '7' },
      children: [
        {
          name: 'failure',
          attributes: { message: 'KillMode of a.service is mixed, process wanted', type: 'must' },
          text: expect.stringContaining(
            '\nset by: node.wic!p2:/etc/systemd/system/a.service.d/zz.conf:2  KillMode=mixed\n',
          ),
        },
      ],
    });
  });

  it.each([
    ['A-03', 'skipped', 'should: so-so'],
    ['A-06', 'error', 'cannot tell: an inode is damaged'],
    ['A-04', 'skipped', 'no image can tell: only a running machine can tell'],
    ['A-08', 'skipped', 'only for role agent'],
    ['A-09', 'skipped', 'waived: the vendor needs it (platform, until 2030-06-30), waivers.yaml:4:5'],
    ['bytes/truncated', 'error', 'cannot tell: it ends too early'],
  ])('%s is %s', (id, name, message) => {
    expect(caseOf(id)?.children).toMatchObject([{ name, attributes: { message } }]);
  });

  it('fails for what fails the run', () => {
    const strict = run(judged);
    const text = render(junitReporter, { ...strict, strictness: { failOn: 'should', strict: false } });
    expect(parseXml(text).attributes).toMatchObject({ failures: '2', errors: '1', skipped: '4' });
  });

  it('says what the readers noticed', () => {
    const said = suites.children[0]?.children.at(-1);
    expect(said).toMatchObject({ name: 'system-err', text: 'note: the backup header is used (node.wic@0x200)' });
  });
});

describe('the GitLab code quality report', () => {
  it('has a finding at its line, with a fingerprint of its own', () => {
    const entries = JSON.parse(render(gitlabReporter)) as { fingerprint: string; check_name: string }[];
    expect(entries.map(({ check_name: name }) => name)).toEqual(['A-02', 'A-03', 'A-06', 'A-09', 'bytes/truncated']);
    expect(entries[0]).toMatchObject({
      severity: 'critical',
      location: { path: 'k3s.yaml', lines: { begin: 7 } },
      fingerprint: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
  });

  it('numbers fingerprints that repeat', () => {
    const entries = JSON.parse(render(gitlabReporter, run(judged, judged))) as { fingerprint: string }[];
    expect(new Set(entries.map(({ fingerprint }) => fingerprint)).size).toBe(entries.length);
  });
});

describe('the GitHub annotations', () => {
  it('have one command a finding, at its line', () => {
    const label = 'a,b:c%.wic';
    const image: ImageResult = { ...judged, subject: { ...judged.subject, label } };
    const [first, second, third, fourth] = render(githubReporter, run(image)).split('\n');
    expect(first).toMatch(
      /^::error file=k3s\.yaml,line=7,col=3,title=A-02 \(a%2Cb%3Ac%25\.wic\)::KillMode of a\.service is mixed, process wanted%0Aset by: /,
    );
    expect(second).toMatch(/^::warning title=A-03 [^:]*::so-so%0A/);
    expect(third).toMatch(/^::error title=A-06 [^:]*::cannot tell: an inode is damaged%0A/);
    expect(fourth).toMatch(/^::notice title=A-09 [^:]*::waived: \/opt\/tool is setuid%0A/);
  });

  it('end in the verdict', () => {
    expect(render(githubReporter)).toMatch(/\nThe contract does not hold\n$/);
    expect(render(githubReporter, { ...run(unreadable), exitCode: 3 })).toMatch(/\nNo verdict: [^\n]+\n$/);
  });
});

describe('the Markdown summary', () => {
  const text = render(markdownReporter);

  it('begins with the verdict and the counts', () => {
    expect(text).toMatch(/^## The contract does not hold\n\n\| image \| pass \| fail \| should /);
    expect(text).toContain('\n| node.wic | 2 | 1 | 1 | 0 | 3 | 1 | 1 |\n| cut.wic | no verdict |');
  });

  it('lists failures, what cannot be told and what is waived', () => {
    const findings = text.split('\n').filter((line) => line.startsWith('- '));
    expect(findings).toEqual([
      '- **FAIL** A-02: KillMode of a.service is mixed, process wanted',
      '- **WARN** A-03: so-so',
      '- **UNKNOWN** A-06: an inode is damaged',
      '- **WAIVED** A-09: /opt/tool is setuid',
      '- **UNKNOWN** bytes/truncated: it ends too early',
    ]);
  });

  it('makes no mention, reference or link of a name', () => {
    const label = '@all #1 !2 https://example.org';
    const image: ImageResult = { ...judged, subject: { ...judged.subject, label } };
    expect(render(markdownReporter, run(image))).toContain(
      '### &#64;<!-- -->all &#35;<!-- -->1 &#33;<!-- -->2 https:<!-- -->//example.org\n',
    );
  });
});

describe('the TAP report', () => {
  const lines = render(tapReporter).split('\n');

  it('plans every check and directs what does not count', () => {
    expect(lines.slice(0, 3)).toEqual(['TAP version 14', '1..10', 'ok 1 - node.wic: A-01 a requirement']);
    expect(lines).toContain('not ok 3 - node.wic: A-03 a requirement # TODO should');
    expect(lines).toContain('ok 8 - node.wic: A-08 a requirement # SKIP only for role agent');
    expect(lines).toContain(
      'not ok 9 - node.wic: A-09 a requirement # TODO waived: the vendor needs it (platform, until 2030-06-30), waivers.yaml:4:5',
    );
  });

  it('explains a failure in a block', () => {
    const at = lines.indexOf('not ok 6 - node.wic: A-06 a requirement');
    expect(lines.slice(at + 1, at + 8)).toEqual([
      '  ---',
      '  message: "cannot tell: an inode is damaged"',
      '  severity: must',
      '  details:',
      '    - "at: node.wic!p2:/etc/x:1"',
      '    - "rule: contract 1.0"',
      '  ...',
    ]);
  });
});
