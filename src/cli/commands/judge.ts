/** `check-image IMAGE...`: the gate. */
import { Option } from 'commander';
import { refuseMistypedCommand } from '../missing-image.ts';
import type { CommandEntry } from './command.ts';
import { addSystemOptions, backingHelp, type SystemOptions } from './system-options.ts';

/** What the options of the gate hold after commander has read them. */
export interface JudgeOptions extends SystemOptions {
  readonly contract: string;
  readonly set: readonly string[];
  /** Undefined unless given. */
  readonly format?: string;
  readonly output: readonly string[];
  readonly failOn: 'must' | 'should' | 'info';
  readonly strict: boolean;
  readonly only: readonly string[];
  readonly skip: readonly string[];
  /** Profiles by commas; false with --no-lint, absent if nothing was said. */
  readonly lint?: string | false;
  readonly deep?: boolean;
  readonly lintSet?: readonly string[];
  readonly waivers?: readonly string[];
  readonly baseline?: string;
  readonly updateBaseline?: boolean;
  readonly slot?: string;
  readonly platform?: string;
  readonly backing?: boolean;
  readonly root?: string;
  readonly verify?: boolean;
  readonly limit: readonly string[];
  readonly jobs?: string;
  readonly shard?: string;
  /** Undefined unless given. */
  readonly cluster?: boolean;
  readonly verbose: boolean;
  readonly explain?: boolean;
  readonly quiet?: boolean;
  readonly progress?: boolean;
}

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];
const collectList = (value: string, before: readonly string[]): readonly string[] => [
  ...before,
  ...value.split(',').filter((part) => part !== ''),
];

const lintHelp =
  'also look at every file, by the rules of these profiles: default, hardening, reproducible (without it: the quick rules of default)';

export const judgeCommand: CommandEntry = {
  name: 'check-image',
  summary: 'judge images against a contract',
  declare: (program, act) => {
    addSystemOptions(program)
      .description('Judges a built ISAR (Debian) or NixOS image against its contract: no boot, no mount, no root.')
      .argument('[image...]', 'disk images, file system images, archives or folders')
      .option('--contract <name|file>', 'the contract: k3s, boot, nix-store, or a YAML file', 'k3s')
      .option('--set <name=value>', 'a parameter of the contract: role=agent (repeatable)', collect, [])
      .option(
        '--format <format>',
        'what to print: text (unless given), json, junit, sarif, gitlab, github, markdown, html, tap',
      )
      .option(
        '--output <format=file>',
        'also write a report: junit=a.xml (repeatable); json=- prints it in place of the text',
        collect,
        [],
      )
      .addOption(
        new Option('--fail-on <severity>', 'findings that fail the run')
          .choices(['must', 'should', 'info'])
          .default('must'),
      )
      .option('--strict', 'fail on should too, and on any check without evidence', false)
      .option('--only <ids>', 'judge only these checks: K3S-SVC-*,K3S-BIN-01 (repeatable)', collectList, [])
      .option('--skip <ids>', 'leave these checks out (repeatable)', collectList, [])
      .option('--lint [profile,...]', lintHelp)
      .option('--no-lint', 'judge the contract only')
      .option('--deep', 'lint what files hold too: checksums of the files of every package', false)
      .option('--lint-set <rule.option=value>', 'an option of a lint rule (repeatable; see explain)', collect, [])
      .option('--waivers <file>', 'failures that do not count, and until when (repeatable)', collect, [])
      .option('--baseline <file>', 'failures that are known: only others fail the run')
      .option('--update-baseline', 'write the baseline, or take out of it what is fixed', false)
      .option('--verify', 'read all of each image: hold it against its block map (.bmap) and its dm-verity hash trees')
      .option('--slot <name>', 'the root of an A/B image to judge instead of the one that boots')
      .option('--platform <os/architecture>', 'which image of a container archive for several: linux/arm64')
      .option('--backing', backingHelp)
      .option('--root <name>', 'the partition that holds the root, where the image does not show it')
      .option('--limit <name=n>', 'raise a budget that the image goes beyond: nesting=12 (repeatable)', collect, [])
      .option('--jobs <n>', 'how many images to judge at a time; auto: as many as there are processors', '1')
      .option('--cluster', 'all images are nodes of one cluster (without it: those that belong together are compared)')
      .option('--no-cluster', 'compare no images with each other')
      .option('--shard <k/n>', 'judge only the k-th of n parts of the images; merge joins their reports')
      .option('--quiet', 'print no report but those of --output: the exit code tells', false)
      .option('--no-progress', 'show no line on a terminal while long work is done')
      .option('--verbose', 'also show what passed and what did not apply', false)
      .option('--explain', 'say of each finding why it matters', false)
      .addHelpText(
        'after',
        [
          '',
          'Exit codes: 0 the contract holds, 1 it does not, 2 usage or contract error, 3 no verdict, 70 a bug.',
          '',
          'Examples:',
          '  $ check-image build/n3x-image-server.wic.zst',
          '  $ check-image --set environment=test --output json=report.json *.wic',
          '  $ check-image --jobs auto --shard 2/8 --output json=2.json images/*.wic.zst',
          '',
        ].join('\n'),
      )
      .action((images: readonly string[], options: JudgeOptions) =>
        act(async (terminal) => {
          const { judgeImages } = await import('./judge-images.ts');
          refuseMistypedCommand(
            images,
            program.commands.map((command) => command.name()),
          );
          return judgeImages(images, options, terminal);
        }),
      );
  },
};
