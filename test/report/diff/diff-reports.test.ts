/** Every format of a diff: what it shows, that it is well-formed, and that no text of an image breaks it. */
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import type { Change } from '../../../src/diff/change.ts';
import type { DiffResult } from '../../../src/diff/diff-result.ts';
import type { DiffRenderOptions } from '../../../src/report/diff/diff-reporter.ts';
import { diffReporters } from '../../../src/report/diff/registry.ts';
import { compare, portraitOf, verdict, withConcern } from '../../diff/sample-portrait.ts';
import { hostileTexts } from '../hostile-result.ts';
import { parseXml } from '../parse-xml.ts';

const schema = JSON.parse(readFileSync(new URL('../../../schemas/diff-1.schema.json', import.meta.url), 'utf8'));
const validate = new Ajv({ allErrors: true, strict: false }).compile(schema);

async function render(format: string, result: DiffResult, options: Partial<DiffRenderOptions> = {}): Promise<string> {
  const reporter = await diffReporters[format]?.load();
  return reporter?.render(result, { color: false, all: false, ...options }) ?? '';
}

/** A diff with a change of every class, where an image says `text` wherever it can. */
function sampleResult(text: string): DiffResult {
  const subjects = [{ fact: 'sysctl', key: '', records: ['net.ipv4.ip_forward'] }];
  const failed = { status: 'fail', message: `ip_forward is ${text}`, subjects } as const;
  const a = portraitOf(
    {
      sysctl: { 'net.ipv4.ip_forward': '1', [`key ${text}`]: 'a' },
      units: { 'a.service': { 'Service.RestartSec': '5s' } },
      packages: { [`old ${text}`]: { version: text } },
      boot: { 'partition p1': { UUID: 'a' } },
    },
    { image: `a${text}`, verdicts: [verdict('K3S-SYS-01')], system: [text] },
  );
  const b = portraitOf(
    {
      sysctl: { 'net.ipv4.ip_forward': '0', [`key ${text}`]: `b ${text}` },
      units: { 'a.service': { 'Service.RestartSec': '5' } },
      boot: { 'partition p1': { UUID: 'b' } },
    },
    { image: 'b', verdicts: [verdict('K3S-SYS-01', failed)] },
  );
  const waiver = { id: 'gone', concern: ['packages'], reason: `gone ${text}` };
  const expired = { ...waiver, id: `old ${text}`, expires: '2020-12-31', location: { source: 'own.yaml', line: 3 } };
  return compare(a, withConcern(b, 'users', { gaps: [{ message: `cut off ${text}` }] }), [waiver, expired]);
}

const plain = sampleResult('x');
const filesCount = {
  concern: 'files',
  title: 'files',
  equal: 0,
  classes: { noise: 0, equivalent: 0, intended: 0, drift: 0, breaking: 0 },
};
const noClasses = { noise: 0, equivalent: 0, intended: 0, drift: 1, breaking: 0 };

/** Every element of a page is closed: it can be read as XML. */
const asXml = (page: string): string => page.replace(/^<!doctype html>/, '<?xml version="1.0" encoding="UTF-8"?>');

describe('text', () => {
  it('shows a table, both sides, places, and why', async () => {
    const text = await render('text', plain);
    expect(text).toContain('BREAKING    net.ipv4.ip_forward\n            A  1  image:/sysctl/net.ipv4.ip_forward');
    expect(text).toContain('fails K3S-SYS-01:  ip_forward is x');
    expect(text).toContain('INTENDED    only in A: old x');
    expect(text).toMatch(/^users +not compared: evidence could not be read$/m);
    expect(text).toContain('b: users: cut off x');
    expect(text).not.toContain('Service.RestartSec');
    expect(text.trimEnd().split('\n').at(-1)).toBe('1 breaking change, and 1 other that nobody listed');
    expect(await render('text', plain, { all: true })).toContain('EQUIVALENT  a.service  Service.RestartSec');
  });

  it('puts both sides beside each other where there is room, and colours only where they show', async () => {
    const wide = await render('text', plain, { width: 140 });
    expect(wide).toMatch(/^ {12}A {2}1 {60,}B {2}0$/m);
    expect(Math.max(...wide.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(140);
    expect(await render('text', plain, { color: true })).toContain('\u001b[1;31mBREAKING');
  });

  it('tells a file in one line, since its name is its place, and long values below each other', async () => {
    const file = (field: string, a: string, b: string): Change => ({
      concern: 'files',
      name: '/a',
      field,
      a: { values: [a], at: { source: 'image', path: '/a' } },
      b: { values: [b], at: { source: 'image', path: '/a' } },
      class: 'drift',
    });
    const gone: Change = { concern: 'files', name: '/b', a: { values: ['file, 5 bytes, mode 0644'] }, class: 'drift' };
    const changes = [file('mode', '0755', '4755'), file('target', '/'.repeat(70), '/'.repeat(70)), gone];
    const text = await render('text', { ...plain, changes, counts: [filesCount] });
    expect(text).toContain('\nDRIFT       /a  mode: 0755 -> 4755\n');
    expect(text).toContain(`\nDRIFT       /a  target\n            A  ${'/'.repeat(70)}\n`);
    expect(text).toContain('\nDRIFT       only in A: /b  file, 5 bytes, mode 0644\n');
  });

  it('says how both sides were judged, and by which parameters where these differ', async () => {
    const side = (network: string) =>
      portraitOf(
        {},
        {
          contract: { name: 'k3s', version: '1.0', parameters: { network, role: 'server' } },
          verdicts: [verdict('A'), verdict('B', { status: 'skip' })],
        },
      );
    const said = '1 pass, 0 fail, 0 unknown, 1 not applicable';
    for (const format of ['text', 'markdown', 'html']) {
      const page = await render(format, compare(side('none'), side('simple')));
      const between = format === 'html' ? ', ' : '  ';
      expect(page).toContain(`contract k3s 1.0: ${said}${between}network=none`);
      expect(page).toContain(`contract k3s 1.0: ${said}${between}network=simple`);
      expect(page).not.toContain('role=server');
    }
  });

  it('tells a file with another name in one line', async () => {
    const [a, b] = ['/boot/vmlinuz-6.1', '/boot/vmlinuz-6.2'];
    const lines = ['content: 3 bytes -> 4 bytes', 'the first byte that differs is at 1'];
    const sides = { a: { values: [a] }, b: { values: [b] } };
    const change: Change = { concern: 'files', name: a, field: 'path', ...sides, class: 'drift', lines };
    const result = { ...plain, changes: [change], counts: [filesCount] };
    const text = await render('text', result);
    expect(text).toContain(`DRIFT       ${a} is now ${b}, ${lines[0]}\n              ${lines[1]}\n`);
    expect(await render('markdown', result)).toContain(`${a} is now ${b}, content`);
    expect(await render('html', result)).toContain(`${a} is now ${b}, content`);
  });

  it('gathers the files that a package explains by their number', async () => {
    const reason = 'openssl 3.5.1 -> 3.5.2';
    const of = (name: string, field: string): Change => ({
      concern: 'files',
      name,
      field,
      a: { values: ['1 bytes'] },
      b: { values: ['2 bytes'] },
      class: 'intended',
      reason,
      listed: 'package openssl',
    });
    const changes = [of('/a', 'content'), of('/a', 'path'), of('/b', 'content')];
    const result = { ...plain, changes, counts: [filesCount] };
    expect(await render('text', result)).toContain(`INTENDED    ${reason}: 2 files\n              /a  content:`);
    expect(await render('markdown', result)).toContain('openssl 3.5.1 -&#62; 3.5.2: 2 files');
  });

  it('cuts long lists of what one list explains', async () => {
    const many = Object.fromEntries([...Array(9).keys()].map((i) => [`lib${i}`, { version: '1' }]));
    const result = compare(portraitOf({}, { platform: 'nixos' }), portraitOf({ packages: many }));
    const text = await render('text', result);
    expect(text).toContain('INTENDED    9 changes, split-packages');
    expect(text).toContain('and 4 more (--all shows them)');
    expect(await render('text', result, { all: true })).toContain('lib8');
  });
});

describe('every format', () => {
  it.each(Object.keys(diffReporters))('names a waiver that has expired: %s', async (format) => {
    const report = await render(format, plain);
    expect(report).toContain('the waiver old x has expired on 2020-12-31');
    expect(report).toContain('own.yaml:3');
    expect(await render(format, { ...plain, upkeep: [] })).not.toContain('has expired');
  });
});

describe('json', () => {
  it('is valid against its schema', async () => {
    validate(JSON.parse(await render('json', plain)));
    expect(validate.errors).toBeNull();
  });
});

describe('markdown', () => {
  it('has a table and a list', async () => {
    const text = await render('markdown', plain);
    expect(text).toContain('## 1 breaking change');
    expect(text).toContain('| kernel parameters | 1 | 1 |  |  |  | 0 |');
    expect(text).toContain('- **breaking** net.ipv4.ip&#95;forward: 1 → 0');
  });
});

describe('lines of a file', () => {
  const lines = ['@@ -1 +1 @@', '-```', '+`````', ' - item @everyone <b>'];
  const change = { concern: 'files', name: '/a', field: 'content', class: 'drift', lines } as const;
  const result = {
    ...plain,
    changes: [change],
    counts: [{ concern: 'files', title: 'files', equal: 0, classes: noClasses }],
  };

  it('are a block in Markdown that they cannot close', async () => {
    expect(await render('markdown', result)).toContain(
      ['', '  ``````diff', ...lines.map((line) => `  ${line}`), '  ``````', ''].join('\n'),
    );
  });

  it('stand below their change in text and HTML', async () => {
    expect(await render('text', result)).toContain('\n              -```\n              +`````\n');
    expect(await render('html', result)).toContain(' - item @everyone &lt;b&gt;');
  });
});

describe('html', () => {
  it('is one well-formed page with a section for each concern and a button for each class', async () => {
    const page = await render('html', plain);
    expect(() => parseXml(asXml(page))).not.toThrow();
    expect(page.match(/<h2>/g)).toHaveLength(6);
    expect(page).toContain('<button class="skip" value="skip" aria-pressed="false">noise 1</button>');
  });
});

describe.each(Object.keys(diffReporters))('%s', (format) => {
  it.each(hostileTexts)('stands %j', async (text) => {
    const out = await render(format, sampleResult(text), { all: true });
    expect(out.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
    // No line of a report is one that an image wrote.
    if (format !== 'json') {
      const lines = (await render(format, plain, { all: true })).split('\n').length;
      expect(out.split('\n')).toHaveLength(lines);
    }
    if (format === 'html') {
      expect(() => parseXml(asXml(out))).not.toThrow();
      expect(out).not.toContain('<script>alert');
    }
    if (format === 'json') expect(JSON.parse(out).a.image).toBe(`a${text}`);
    if (format === 'markdown') expect(out).not.toMatch(/<script|\]\(javascript|[^;]@everyone/);
  });
});
