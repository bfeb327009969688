/** A JSON report is the whole result: read back, every format makes the same of it. */
import { describe, expect, it } from 'vitest';
import type { CheckResult } from '../../src/checks/check.ts';
import { ContractError } from '../../src/checks/contract-error.ts';
import { countResults, exitCodeOfRun, type ImageResult, type RunResult } from '../../src/checks/result.ts';
import { at, fail } from '../../src/checks/verdict.ts';
import { jsonReporter } from '../../src/report/json-report.ts';
import { parseReport } from '../../src/report/parse-report.ts';
import { reporters } from '../../src/report/registry.ts';
import { judged, unreadable } from './sample-result.ts';

const upkeep: CheckResult = {
  id: 'waiver/unused',
  title: 'every waiver is needed',
  fix: 'Remove it.',
  severity: 'should',
  references: [],
  verdict: fail('the waiver of A-1 covers no failure', { evidence: [at({ source: 'w.yaml', line: 3 })] }),
};

const subject: ImageResult['subject'] = {
  ...judged.subject,
  label: 'a\u001b\u202e\udcff.img',
  partitions: [
    { name: 'p1', content: 'vfat "efi"', size: 1024 * 1024, mount: '/boot' },
    { name: 'p2', content: 'swap', size: 4096 },
  ],
  boot: [{ title: 'loader', text: 'systemd-boot' }],
};

const lintFinding: CheckResult = {
  id: 'links/dangling',
  origin: 'lint',
  subject: { kind: 'path', name: '/etc/x' },
  title: 'links lead somewhere',
  many: '{count} links lead nowhere',
  severity: 'should',
  references: [],
  verdict: fail('/etc/x leads nowhere', { severity: 'must', remedy: 'remove it', evidence: [] }),
};

function makeRun(): RunResult {
  const results = [...judged.judgement.results, lintFinding];
  const lint = { profiles: ['default'], cost: 'walk', rules: 1, dearer: 2 };
  const one = { ...judged, subject, judgement: { ...judged.judgement, results, lint }, counts: countResults(results) };
  const run = { images: [one, unreadable], upkeep: [upkeep], strictness: { failOn: 'must', strict: true } } as const;
  return { tool: { name: 'check-image', version: '1.2.3' }, ...run, exitCode: exitCodeOfRun(run) };
}

/** All pass, but bytes of the image are missing: only the diagnostic says why there is no verdict. */
function makeCutRun(): RunResult {
  const results = judged.judgement.results.filter(({ verdict }) => verdict.status === 'pass');
  const diagnostic = { level: 'damage', code: 'gpt/truncated', message: 'cut off', touches: 'everything' } as const;
  const judgement = { ...judged.judgement, results };
  const image = { ...judged, subject, judgement, counts: countResults(results), diagnostics: [diagnostic] };
  return {
    tool: { name: 'check-image', version: '1.2.3' },
    images: [image],
    exitCode: exitCodeOfRun({ images: [image], strictness: { failOn: 'must', strict: false } }),
  };
}

const write = (run: RunResult): string => jsonReporter.render(run, { color: false });
const refusal = (text: string): string => {
  try {
    parseReport(text, 'r.json');
  } catch (error) {
    if (error instanceof ContractError) return error.message;
    throw error;
  }
  return 'accepted';
};

describe('a JSON report', () => {
  it.each(Object.keys(reporters))('holds all that %s shows', async (format) => {
    const run = makeRun();
    const reporter = await reporters[format]?.load();
    const render = (shown: RunResult) => reporter?.render(shown, { color: false, verbose: true });
    expect(render(parseReport(write(run), 'r.json'))).toBe(render(run));
  });

  it('keeps that an image is not the one that was built', () => {
    const run = makeCutRun();
    expect(run.exitCode).toBe(3);
    expect(write(parseReport(write(run), 'r.json'))).toBe(write(run));
  });

  it.each<[string, (report: string) => string, string]>([
    ['cut short', (text) => text.slice(0, -20), 'r.json: the report is no JSON'],
    ['of another kind', () => '[]', 'r.json: the report must be object'],
    ['of another version', (text) => text.replace('report-1', 'report-2'), 'r.json: /schema must be equal to constant'],
    [
      'with keys nobody knows',
      (text) => text.replace('"tool"', '"__proto__": {}, "tool"'),
      'r.json: the report must NOT have additional properties',
    ],
    ['without a message', (text) => text.replace('"message": "so-so",', ''), "must have required property 'message'"],
    ['with a line that is none', (text) => text.replace('"line": 49', '"line": -1'), 'must be >= 1'],
    [
      'with a better exit code',
      (text) => text.replace('"exitCode": 1', '"exitCode": 0'),
      'r.json: the exit code 0 does not follow from the results',
    ],
    [
      'with a failure taken out of its counts',
      (text) => text.replace(/"fail": 2/, '"fail": 0'),
      'do not follow from its results',
    ],
  ])('%s is refused', (_, change, message) => {
    const text = write(makeRun());
    expect(change(text)).not.toBe(text);
    expect(refusal(change(text))).toContain(message);
  });

  it('is refused or read, whatever byte is changed', () => {
    const text = write(makeRun());
    let state = 7;
    for (let i = 0; i < 400; i++) {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      const place = state % text.length;
      const changed = text.slice(0, place) + String.fromCharCode(32 + (state % 95)) + text.slice(place + 1);
      expect(typeof refusal(changed)).toBe('string');
    }
  });
});
