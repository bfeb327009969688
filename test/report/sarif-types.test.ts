/** The SARIF report against declarations of the standard's schema that others made (@types/sarif): a strict compiler takes it. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { sarifReporter } from '../../src/report/sarif-report.ts';
import { judged, run, unreadable } from './sample-result.ts';

const project = resolve(import.meta.dirname, '../..');

it('is a Log by every type of the standard, and would not be one with another property or word', () => {
  const folder = mkdtempSync(join(tmpdir(), 'check-image-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'node_modules/@types'), { recursive: true });
  symlinkSync(join(project, 'node_modules/@types/sarif'), join(folder, 'node_modules/@types/sarif'));
  const report = sarifReporter.render(run(judged, unreadable), { color: false, verbose: true });
  const write = (name: string, json: string): void =>
    writeFileSync(join(folder, name), `import type { Log } from 'sarif';\nexport const log: Log = ${json};\n`);
  write('good.mts', report);
  write('word.mts', report.replace('"kind": "fail"', '"kind": "failed"'));
  write('property.mts', report.replace('"ruleIndex"', '"ruleNumber"'));
  const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2023', '--types', 'sarif'];
  const files = ['good.mts', 'word.mts', 'property.mts'];
  const compiler = join(project, 'node_modules/typescript/bin/tsc');
  const { stdout } = spawnSync(process.execPath, [compiler, ...options, ...files], { encoding: 'utf8', cwd: folder });
  const named = new Set([...stdout.matchAll(/^(\w+\.mts)\(/gm)].map(([, name]) => name));
  expect([...named].sort()).toEqual(['property.mts', 'word.mts']);
});
