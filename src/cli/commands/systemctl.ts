/** `check-image systemctl IMAGE VERB [UNIT...]`. */
import { Argument } from 'commander';
import type { CommandEntry } from './command.ts';
import { addImageOptions, type ImageOptions } from './image-options.ts';

export const systemctlVerbs = [
  'cat',
  'show',
  'is-enabled',
  'list-unit-files',
  'list-dependencies',
  'get-default',
] as const;
export type SystemctlVerb = (typeof systemctlVerbs)[number];

export interface SystemctlOptions extends ImageOptions {
  readonly property: readonly string[];
  readonly value: boolean;
  readonly type: readonly string[];
  readonly state: readonly string[];
  readonly all: boolean;
  readonly reverse: boolean;
  readonly after: boolean;
  readonly before: boolean;
  readonly plain: boolean;
  readonly quiet: boolean;
  readonly legend: boolean;
  readonly why: boolean;
  readonly json: boolean;
}

/** Repeatable, and each time a list with commas, as systemctl takes them. */
const collect = (text: string, before: readonly string[]): readonly string[] => [
  ...before,
  ...text.split(',').filter((word) => word !== ''),
];

export const systemctlCommand: CommandEntry = {
  name: 'systemctl',
  summary: 'print what systemctl would print on the booted machine',
  declare: (program, act) => {
    const command = program
      .command('systemctl')
      .description('print what systemctl would print on the booted machine, as far as files decide it')
      .argument('<image>', 'a disk image, file system image, archive or folder')
      .addArgument(new Argument('<verb>', 'what to ask').choices([...systemctlVerbs]))
      .argument('[unit...]', 'names of units, .service unless said; show, cat and list-unit-files take patterns')
      .option('-p, --property <names>', 'show: only these properties (repeatable, or with commas)', collect, [])
      .option('--value', 'show: values without names', false)
      .option('-t, --type <types>', 'list-unit-files: only these types of units', collect, [])
      .option('--state <states>', 'list-unit-files: only units in these states', collect, [])
      .option('-a, --all', 'list-dependencies: what services and sockets pull in, too', false)
      .option('--reverse', 'list-dependencies: what pulls the unit in', false)
      .option('--after', 'list-dependencies: what the unit comes after', false)
      .option('--before', 'list-dependencies: what the unit comes before', false)
      .option('--plain', 'list-dependencies: a list instead of a tree', false)
      .option('-q, --quiet', 'is-enabled: only the exit code', false)
      .option('--no-legend', 'list-unit-files: no header and no count')
      .option('--why', 'the file and line behind each answer, and what it overrides', false)
      .option('--json', 'as JSON', false)
      .addHelpText(
        'after',
        '\nExamples:\n  $ check-image systemctl node.wic.zst show -p Restart,KillMode --why k3s-server' +
          '\n  $ check-image systemctl node.wic.zst list-unit-files --state enabled\n',
      );
    addImageOptions(
      command,
      '0 all was read, 1 no such unit, or not enabled, 2 usage error, 3 something could not be read',
    ).action((image: string, verb: SystemctlVerb, units: readonly string[], options: SystemctlOptions) =>
      act(async (terminal) =>
        (await import('./systemctl/run-systemctl.ts')).runSystemctl(image, verb, units, options, terminal),
      ),
    );
  },
};
