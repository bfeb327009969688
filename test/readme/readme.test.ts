/**
 * What the README shows is what happens: its runs are run, its commands and options exist, its contract is valid. With
 * CHECK_IMAGE_WRITE_README=1 the runs are written anew instead.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadContract } from '../../src/checks/language/load-contract.ts';
import { commands } from '../../src/cli/commands/registry.ts';
import { reporters } from '../../src/report/registry.ts';
import { checkImage } from '../cli/command-line.ts';

const project = resolve(import.meta.dirname, '../..');
const file = resolve(project, 'README.md');
const readme = readFileSync(file, 'utf8');

/** Blocks of indented lines, without the indent. */
const blocks = [...readme.matchAll(/(?:^ {4}.*\n|^\n(?= {4}))+/gm)].map(([text]) => text.replace(/^ {4}/gm, '').trim());
const runs = blocks.filter((block) => block.startsWith('$ '));

/** Times are another every time; checks and rules are added more often than this page is written anew. */
const mask = (text: string): string =>
  text
    .replace(/\b\d+\.\d\d s\b/g, '0.00 s')
    .replace(/^ +lint default .*$/m, '  lint default')
    .replace(/\b\d+ (?=pass\b|not applicable\b)/g, '0 ')
    .replace(/(?<=k3s\.yaml:)\d+/g, '0');

async function runShown(block: string): Promise<string> {
  const [line = ''] = block.split('\n');
  const [, ...argv] = line.replace(/^\$ (?:npx )?/, '').split(' ');
  const images = argv.map((word) => (word.startsWith('samples/') ? resolve(project, word) : word));
  const { out } = await checkImage(...images);
  return `${line}\n${out.trimEnd()}`.replaceAll(`${project}/`, '');
}

beforeAll(async () => {
  await import('../../src/cli/commands/judge-images.ts');
  if (process.env.CHECK_IMAGE_WRITE_README !== '1') return;
  const indent = (block: string): string => block.replace(/^(?=.)/gm, '    ');
  let text = readme;
  for (const run of runs) {
    // The time shown is that of the built program: it stays.
    const [time = ''] = /\b\d+\.\d\d s\b/.exec(run) ?? [];
    const said = indent((await runShown(run)).replace(/\b\d+\.\d\d s\b/, time));
    text = text.replace(indent(run), () => said);
  }
  writeFileSync(file, text);
}, 60_000);

function declare(): Command {
  const program = new Command();
  for (const { declare: add } of commands) add(program, async () => {});
  return program;
}

describe('the README', () => {
  it('shows at least one run', () => {
    expect(runs.length).toBeGreaterThan(0);
  });

  it.each(runs.map((run) => [run.split('\n')[0], run]))('%s prints what it shows', async (_, run) => {
    expect(mask(await runShown(run ?? ''))).toBe(mask(run ?? ''));
  });

  it('names commands and options that exist', () => {
    const program = declare();
    const lines = blocks
      .flatMap((block) => block.split('\n'))
      .filter((line) => /^(?:\$ )?(?:npx )?check-image /.test(line));
    expect(lines.length).toBeGreaterThan(10);
    const wrong = lines.flatMap((line) => {
      const words = line
        .replace(/ {2,}.*$/, '')
        .replace(/^(?:\$ )?(?:npx )?check-image /, '')
        .split(/[ ,]+/);
      const names = (words[0] ?? '').split('|').filter((word) => /^[a-z]+$/.test(word));
      const found = names.map((name) => program.commands.find((one) => one.name() === name));
      const known = [program, ...found.flatMap((one) => (one ? [one, ...one.commands] : []))].flatMap(({ options }) =>
        options.map(({ long }) => long),
      );
      const missing = names.filter((_, i) => !found[i]);
      return [...missing, ...words.filter((word) => word.startsWith('--') && !known.includes(word))].map(
        (word) => `${line}: ${word}`,
      );
    });
    expect(wrong).toEqual([]);
  });

  it('lists every report format', () => {
    const [, list = ''] = /^Reports: ([^[]*?)\. \[samples\]/ms.exec(readme) ?? [];
    const shown = [...list.matchAll(/`([a-z]+)`/g)].map(([, name]) => name);
    expect(shown).toEqual(expect.arrayContaining(Object.keys(reporters).filter((name) => name !== 'chain')));
  });

  it('has the exit codes of the help', async () => {
    const codes = [...readme.matchAll(/^\| (\d+) \|/gm)].map(([, code = '']) => code);
    const { out } = await checkImage('--help');
    const line = out.split('\n').find((one) => one.startsWith('Exit codes:')) ?? '';
    expect(codes).toEqual([...line.matchAll(/\b(\d+) /g)].map(([, code]) => code));
  });

  it('shows contracts that are valid', async () => {
    const contracts = blocks.filter((block) => block.startsWith('contract: '));
    expect(contracts.length).toBeGreaterThan(0);
    for (const text of contracts) {
      const { checks } = await loadContract('./readme', () => ({ text, label: 'README.md', base: '' }));
      expect(checks.length).toBeGreaterThan(0);
    }
  });
});
