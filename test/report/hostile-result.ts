/** A run in which everything an image, or a file beside it, may choose is the same text: no report may break on it. */
import fc from 'fast-check';
import type { CheckResult, Waiver } from '../../src/checks/check.ts';
import { countResults, type RunResult } from '../../src/checks/result.ts';
import { at, fail, inconclusive, pass, skip, undecidable } from '../../src/checks/verdict.ts';
import { judged } from './sample-result.ts';

/** What has broken reports of other tools, one class each. */
export const hostileTexts: readonly string[] = [
  'a\u001b[31mred\u001b]0;title\u0007',
  '\u0000\u0001\u0008\u000b\u000c\u001f\u007f\u0080\u009b',
  'right\u202eto left\u2066\u200f\ufeff\u2028\u2029',
  'bytes \udcff\udc80 and halves \ud800 \udfff',
  'no characters of XML \ufffe\uffff',
  ']]></failure><testcase name="forged"/><![CDATA[',
  '"><script>alert(1)</script><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '&amp;&lt;&#0;&#x41;&unknown;',
  '\n::error file=forged::forged\r\n::set-output name=x::y',
  '%0A::error::forged%0D%25',
  '##[error]forged, a:b,c=d::e',
  '| cell | cell |\n\n# heading\n- item\n> quote\n```\ncode',
  '[link](javascript:alert(1)) ![image](https://example.org/x.png) <https://example.org> www.example.org',
  '@everyone #1 !1 user@example.org $x$ `tick` **bold** __bold__ ~~no~~',
  'ok 1 # SKIP forged\nnot ok 2 # TODO forged\nBail out! \\# \\',
  '---\n...\n- yaml: {a: b} "quoted" \'single\' !!js/function',
  '=1+1\t+cmd|calc',
  '../../etc/passwd?query#fragment%2e%2e',
  '\u{1f600}\u{10ffff}',
  '',
];

/** Texts made of the characters that mean something somewhere, and of everything else. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc
    .array(
      fc.constantFrom(
        ...'\u0000\n\r\t\u001b\u0085\u202e\ud800\udcff\ufffe<>&"\'%:,#|`*_[]()\\!@$-={}~ aA0./'.split(''),
      ),
      {
        maxLength: 20,
      },
    )
    .map((units) => units.join('')),
);

export function hostileRun(text: string): RunResult {
  const place = { source: `${text}!p1`, path: `/${text}`, line: 2 };
  const base = { title: text, severity: 'must', references: [text] } as const;
  const waiver: Waiver = { by: 'waiver', reason: text, owner: text, expires: '2030-01-01', location: place };
  const failure = fail(text, {
    expected: text,
    found: text,
    evidence: [at(place, 'set by', text), at({ source: text, offset: 16 }, 'beats')],
    remedy: text,
  });
  const results: readonly CheckResult[] = [
    {
      ...base,
      id: 'H-1',
      contract: { source: 'k3s.yaml', line: 7, column: 3 },
      why: text,
      fix: text,
      verdict: failure,
    },
    { ...base, id: 'H-2', verdict: failure, waiver },
    { ...base, id: 'H-3', severity: 'should', verdict: fail(text) },
    { ...base, id: 'H-4', verdict: inconclusive(text, place) },
    { ...base, id: 'H-5', verdict: undecidable(text) },
    { ...base, id: 'H-6', verdict: pass(text) },
    { ...base, id: 'H-7', verdict: skip(text) },
  ];
  return {
    tool: { name: 'check-image', version: '1.2.3' },
    images: [
      {
        state: 'judged',
        subject: {
          label: text,
          layers: [text],
          system: [text],
          partitions: [{ name: 'p1', content: text, size: 4096, mount: text }],
          boot: [{ title: 'entry', text }],
        },
        judgement: {
          contract: judged.judgement.contract,
          parameters: [{ name: 'role', value: text, origin: 'set', evidence: [at(place)], damage: text }],
          results,
        },
        counts: countResults(results),
        diagnostics: [{ level: 'damage', code: 'ext4/bad', message: text, location: place }],
        node: {
          role: 'server',
          name: { value: text, location: place },
          addresses: [{ value: text, location: place }],
          aliases: [text],
          tokens: [{ value: text, location: place, for: 'servers' }],
          ranges: [{ flag: text, value: text, location: place }],
          vlans: [{ value: text, location: place, interface: text }],
          incomplete: text,
        },
      },
      {
        state: 'unreadable',
        subject: { label: text, layers: [], system: [] },
        error: { code: 'bytes/truncated', message: text, location: place, remedy: text },
      },
    ],
    clusters: [
      {
        nodes: [
          { image: text, role: 'server', name: text },
          { image: text, role: 'agent' },
        ],
        results,
      },
    ],
    upkeep: [{ ...base, id: 'waiver-expired', severity: 'should', verdict: fail(text, { evidence: [at(place)] }) }],
    exitCode: 1,
  };
}
