/** The configuration of modprobe as `modprobe --showconfig` prints it: by kind, in the order the lines are read. */
import type { KernelFact } from '../../facts/kernel/kernel-fact.ts';
import { escapeText } from '../escape.ts';

export type ModprobeConfiguration = Pick<
  KernelFact,
  'blocks' | 'installs' | 'removes' | 'aliases' | 'options' | 'softdeps' | 'weakdeps'
>;

/** Whole lines. */
export function formatModprobeConfiguration(configuration: ModprobeConfiguration): string {
  const { blocks, installs, removes, aliases, options, softdeps, weakdeps } = configuration;
  const lines = [
    ...blocks.filter(({ kind }) => kind === 'blacklist').map(({ name }) => `blacklist ${name}`),
    ...installs.map(({ name, command }) => `install ${name} ${command}`),
    ...removes.map(({ name, command }) => `remove ${name} ${command}`),
    ...aliases.map(({ alias, name }) => `alias ${alias} ${name}`),
    ...options.map(({ name, text }) => `options ${name} ${text}`),
    ...softdeps.map(({ name, pre, post }) =>
      ['softdep', name, ...label('pre:', pre), ...label('post:', post)].join(' '),
    ),
    ...weakdeps.map(({ name, weak }) => ['weakdep', name, ...weak].join(' ')),
  ];
  return lines.map((line) => `${escapeText(line)}\n`).join('');
}

function label(word: string, names: readonly string[]): readonly string[] {
  return names.length === 0 ? [] : [word, ...names];
}
