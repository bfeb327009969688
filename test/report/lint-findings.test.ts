/** How the findings of lint rules look in the reports: one rule may have many. */
import { expect, it } from 'vitest';
import type { CheckResult } from '../../src/checks/check.ts';
import { countResults, type ImageResult } from '../../src/checks/result.ts';
import { at, fail, pass } from '../../src/checks/verdict.ts';
import { junitReporter } from '../../src/report/junit-report.ts';
import { tapReporter } from '../../src/report/tap-report.ts';
import { textReporter } from '../../src/report/text-report.ts';
import { judged, run } from './sample-result.ts';

const base = {
  id: 'links/dangling',
  origin: 'lint',
  title: 'links lead to something',
  many: '{count} links lead nowhere',
  severity: 'should',
  fix: 'Remove them.',
  references: [],
} as const;

const link = (name: string): CheckResult => ({
  ...base,
  subject: { kind: 'path', name: `/etc/${name}` },
  verdict: fail(`/etc/${name} leads nowhere`, {
    evidence: [at({ source: 'node.wic!p2', path: `/etc/${name}` }, 'at', '-> gone')],
  }),
});

const half: CheckResult = {
  ...base,
  id: 'packages/half',
  many: '{count} packages are broken',
  subject: { kind: 'package', name: 'curl' },
  verdict: fail('curl is broken', {
    found: 'half-configured',
    evidence: [at({ source: 'node.wic!p2', path: '/var/lib/dpkg/status', line: 7 })],
  }),
};

const waiver = { by: 'waiver', reason: 'agreed', location: { source: 'w.yaml' } } as const;

function image(results: readonly CheckResult[]): ImageResult {
  const lint = { profiles: ['default'], cost: 'cheap', rules: 2, dearer: 9 };
  return {
    ...judged,
    judgement: { ...judged.judgement, results, lint },
    counts: countResults(results),
    diagnostics: [],
  };
}

const textOf = (results: readonly CheckResult[], verbose = false): string =>
  textReporter
    .render(run(image(results)), { color: false, verbose })
    .split('\n')
    .slice(4)
    .join('\n');

it('the text joins those of one rule, shows the first and counts the rest', () => {
  const links = ['a', 'b', 'c', 'd', 'e'].map(link);
  expect(
    textOf([...links, half, { ...half, subject: { kind: 'package', name: 'nano' } }]),
  ).toBe(`  lint default   2 rules, 9 more with --lint

WARN     links/dangling  5 links lead nowhere
         at      p2:/etc/a  -> gone
         at      p2:/etc/b  -> gone
         at      p2:/etc/c  -> gone
                 and 2 more (--verbose shows all)
         fix     Remove them.
WARN     packages/half   2 packages are broken
         at      p2:/var/lib/dpkg/status:7  curl  half-configured
         at      p2:/var/lib/dpkg/status:7  nano  half-configured
         fix     Remove them.

0 pass   0 fail   7 should
`);
});

it('the text says one as it is, all when asked, and waived ones apart', () => {
  expect(textOf([link('a')])).toContain('WARN     links/dangling  /etc/a leads nowhere\n');
  expect(textOf([link('a'), link('b')], true)).toContain('/etc/b leads nowhere');
  const text = textOf([link('a'), link('b'), { ...link('c'), waiver }]);
  expect(text).toContain('WARN     links/dangling  2 links lead nowhere');
  expect(text).toContain('WAIVED   links/dangling  /etc/c leads nowhere');
  expect(text).toContain('0 pass   0 fail   2 should   1 waived');
});

it('a rule that holds is in no count, and shown only when asked', () => {
  const holds: CheckResult = { ...base, verdict: pass() };
  expect(textOf([holds])).toContain('\n0 pass   0 fail\n');
  expect(textOf([holds], true)).toContain('PASS     links/dangling  links lead to something');
});

it('machine reports name each by what it is about', () => {
  const result = run(image([link('a'), link('b')]));
  const options = { color: false };
  expect(junitReporter.render(result, options)).toContain('name="links/dangling links lead to something (/etc/b)"');
  expect(tapReporter.render(result, options)).toContain('links/dangling links lead to something (/etc/b)');
});
