/** `check-image merge REPORT...`. */
import { Option } from 'commander';
import type { CommandEntry } from './command.ts';

export interface MergeOptions {
  /** Undefined unless given. */
  readonly format?: string;
  readonly output: readonly string[];
  readonly failOn?: 'must' | 'should' | 'info';
  readonly strict?: boolean;
  readonly cluster?: boolean;
  readonly waivers: readonly string[];
  readonly baseline?: string;
  readonly updateBaseline: boolean;
  readonly verbose: boolean;
  readonly explain: boolean;
  readonly quiet: boolean;
}

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

export const mergeCommand: CommandEntry = {
  name: 'merge',
  summary: 'join JSON reports of several runs into one report',
  declare: (program, act) => {
    program
      .command('merge')
      .description('join JSON reports of several runs into one, as if one run had judged all their images')
      .argument('<report...>', 'JSON reports; those of --shard in any order, but all of them')
      .option('--format <format>', 'what to print, as of the gate: text unless given')
      .option(
        '--output <format=file>',
        'also write a report: junit=a.xml (repeatable); json=- prints it in place of the text',
        collect,
        [],
      )
      .addOption(
        new Option('--fail-on <severity>', 'findings that fail the run, whatever the runs did').choices([
          'must',
          'should',
          'info',
        ]),
      )
      .option('--strict', 'fail on should too, and on any check without evidence, whatever the runs did')
      .option('--cluster', 'all images are nodes of one cluster')
      .option('--no-cluster', 'compare no images with each other')
      .option('--waivers <file>', 'say which of these waivers are unused or expired (repeatable)', collect, [])
      .option('--baseline <file>', 'failures that are known: only others fail the run')
      .option('--update-baseline', 'write the baseline, or take out of it what is fixed', false)
      .option('--quiet', 'print no report but those of --output: the exit code tells', false)
      .option('--verbose', 'also show what passed and what did not apply', false)
      .option('--explain', 'say of each finding why it matters', false)
      .addHelpText(
        'after',
        [
          '',
          'Examples:',
          '  $ check-image merge shard-*.json --output html=all.html',
          '  $ check-image merge --format markdown amd64.json arm64.json >> "$GITHUB_STEP_SUMMARY"',
          '',
        ].join('\n'),
      )
      .action((reports: readonly string[], options: MergeOptions) =>
        act(async (terminal) => (await import('./merge-reports.ts')).mergeReports(reports, options, terminal)),
      );
  },
};
