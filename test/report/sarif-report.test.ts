import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunResult } from '../../src/checks/result.ts';
import { formatUri } from '../../src/report/sarif/sarif-location.ts';
import { sarifReporter } from '../../src/report/sarif-report.ts';
import { anyText, hostileRun, hostileTexts } from './hostile-result.ts';
import { judged, run, unreadable } from './sample-result.ts';

/** RFC 3986: only unreserved, reserved and percent-encoded characters; a colon in the first segment makes a scheme. */
const uriReference = /^(?:file:\/\/|(?![^/?#]*:))(?:[A-Za-z0-9\-._~/!'()*]|%[0-9A-F]{2})*$/;

const schema = JSON.parse(readFileSync(new URL('sarif-2.1.0.schema.json', import.meta.url), 'utf8'));
const ajv = new Ajv({ allErrors: true, strict: false, formats: { uri: /^https:/, 'uri-reference': uriReference } });
const validate = ajv.compile(schema);
/** The schema of the standard itself, as OASIS published it. */
const oasis = JSON.parse(
  readFileSync(createRequire(import.meta.url).resolve('schemastore/schemas/json/sarif-2.1.0.json'), 'utf8'),
);
const isSarif = new Ajv({
  unicodeRegExp: false,
  strict: false,
  formats: { uri: true, 'uri-reference': uriReference, 'date-time': true },
}).compile(oasis);

const render = (result: RunResult, verbose = false): string => sarifReporter.render(result, { color: false, verbose });

interface Log {
  readonly runs: readonly {
    readonly tool: { readonly driver: { readonly rules: readonly Record<string, unknown>[] } };
    readonly invocations: readonly Record<string, unknown>[];
    readonly results: readonly (Record<string, unknown> & { readonly ruleId: string; readonly ruleIndex: number })[];
  }[];
}

const runOf = (result: RunResult, verbose?: boolean): Log['runs'][number] =>
  (JSON.parse(render(result, verbose)) as Log).runs[0] as Log['runs'][number];

describe('the SARIF report', () => {
  it('has the objects of the standard, whatever the image says', () => {
    for (const result of [run(judged, unreadable), ...hostileTexts.map(hostileRun)]) {
      validate(JSON.parse(render(result, true)));
      expect(validate.errors).toBeNull();
      isSarif(JSON.parse(render(result, true)));
      expect(isSarif.errors).toBeNull();
    }
    expect(oasis.$id).toBe(
      'https://raw.githubusercontent.com/oasis-tcs/sarif-spec/master/Schemata/sarif-schema-2.1.0.json',
    );
    expect(isSarif({ version: '2.1.0', runs: [{}] })).toBe(false);
    fc.assert(
      fc.property(anyText, (text) => {
        const log = JSON.parse(render(hostileRun(text), true));
        return validate(log) && isSarif(log);
      }),
      { seed: 8, numRuns: 100 },
    );
  });

  it('puts a finding at its line of the contract, with the places in the image beside it', () => {
    const [first] = runOf(run(judged)).results;
    expect(first).toMatchObject({
      ruleId: 'A-02',
      ruleIndex: 1,
      kind: 'fail',
      level: 'error',
      message: { text: 'node.wic: KillMode of a.service is mixed, process wanted' },
      locations: [
        {
          physicalLocation: { artifactLocation: { uri: 'k3s.yaml' }, region: { startLine: 7, startColumn: 3 } },
        },
      ],
      suppressions: [],
    });
    expect(first?.relatedLocations).toMatchObject([
      {
        id: 1,
        message: { text: 'set by' },
        physicalLocation: {
          artifactLocation: { uri: 'node.wic!p2/etc/systemd/system/a.service.d/zz.conf' },
          region: { startLine: 2, snippet: { text: 'KillMode=mixed' } },
        },
        logicalLocations: [
          { fullyQualifiedName: 'node.wic!p2:/etc/systemd/system/a.service.d/zz.conf:2', kind: 'resource' },
        ],
      },
      { id: 2, message: { text: 'beats' } },
    ]);
  });

  it('describes every rule that a result names', () => {
    const { tool, results } = runOf(run(judged, unreadable), true);
    for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
    expect(tool.driver.rules[1]?.help).toEqual({ text: 'Why: because\nFix: edit it\nFrom: contract 1.0' });
  });

  it('suppresses what is waived, with the reason', () => {
    expect(runOf(run(judged)).results.find(({ ruleId }) => ruleId === 'A-09')?.suppressions).toEqual([
      {
        kind: 'external',
        status: 'accepted',
        justification: 'the vendor needs it (platform, until 2030-06-30), waivers.yaml:4:5',
      },
    ]);
  });

  it('says that the run did not succeed when there is no verdict', () => {
    expect(runOf(run(judged)).invocations[0]?.executionSuccessful).toBe(true);
    expect(runOf(run(judged, unreadable)).invocations[0]?.executionSuccessful).toBe(false);
    expect(runOf({ ...run(judged), exitCode: 3 }).invocations[0]?.executionSuccessful).toBe(false);
  });

  it('shows what passed and what did not apply only when asked', () => {
    const kinds = (verbose: boolean) => new Set(runOf(run(judged), verbose).results.map(({ kind }) => kind));
    expect(kinds(false)).toEqual(new Set(['fail', 'review']));
    expect(kinds(true)).toEqual(new Set(['fail', 'review', 'pass', 'notApplicable']));
  });
});

describe('a path as URI', () => {
  it.each([
    ['node.wic!p2/etc/a b.conf', 'node.wic!p2/etc/a%20b.conf'],
    ['/srv/a:b/contract.yaml', 'file:///srv/a%3Ab/contract.yaml'],
    ['a\udcff\ud83d\ude00\ud800', 'a%FF%F0%9F%98%80%EF%BF%BD'],
    ['?x#y%', '%3Fx%23y%25'],
  ])('%j', (path, uri) => {
    expect(formatUri(path)).toBe(uri);
  });
});
