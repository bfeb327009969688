/** Kernel modules in columns: whether each kernel has them, and what stands in the way. */
import type {
  KernelModule,
  ModuleBlock,
  ModuleOptions,
  ModuleRequest,
  ModuleSoftDependency,
} from '../../facts/kernel/kernel-fact.ts';
import { formatLocation } from '../../location.ts';
import { escapeText } from '../escape.ts';
import { formatColumns } from './format-columns.ts';

export interface ModuleLine {
  readonly name: string;
  /** Of the kernel; absent if the image has none. */
  readonly release?: string;
  readonly state: KernelModule['state'] | 'missing';
  readonly module?: KernelModule;
  readonly requests: readonly ModuleRequest[];
  readonly blocks: readonly ModuleBlock[];
  readonly options: readonly ModuleOptions[];
  readonly softdeps: readonly ModuleSoftDependency[];
}

export interface ModulesFormat {
  readonly legend: boolean;
  readonly why: boolean;
}

/** Whole lines. */
export function formatModules(modules: readonly ModuleLine[], { legend, why }: ModulesFormat): string {
  const rows = modules.map((line) => [
    escapeText(line.name),
    stateOf(line),
    escapeText(line.release ?? '-'),
    escapeText(line.module?.file ?? '-'),
  ]);
  const text = formatColumns(legend ? [['MODULE', 'STATE', 'KERNEL', 'FILE'], ...rows] : rows);
  if (!why) return text;
  const [header, ...lines] = legend ? text.split('\n') : [undefined, ...text.split('\n')];
  const explained = modules.map((line, index) => `${lines[index]}\n${formatReasons(line)}`);
  return (header === undefined ? '' : `${header}\n`) + explained.join('');
}

/** A blacklist stops loading by alias and by systemd-modules-load; the other blocks stop modprobe, too. */
function stateOf({ state, blocks }: ModuleLine): string {
  if (state !== 'available' || blocks.length === 0) return state;
  return blocks.every(({ kind }) => kind === 'blacklist') ? 'blacklisted' : 'blocked';
}

function formatReasons({ module, requests, blocks, options, softdeps }: ModuleLine): string {
  const reasons: [title: string, text: string, place: string][] = [
    ...requests.map((each): [string, string, string] => [
      'asked by',
      each.text ?? each.name,
      formatLocation(each.location),
    ]),
    ...(module ? [['found in', '', formatLocation(module.location)] as [string, string, string]] : []),
    ...(module?.unlisted
      ? [['unlisted', module.unlisted.reason, formatLocation(module.unlisted.index)] as [string, string, string]]
      : []),
    ...blocks.map((each): [string, string, string] => ['blocked', each.text, formatLocation(each.location)]),
    ...options.map((each): [string, string, string] => ['options', each.text, formatLocation(each.location)]),
    ...softdeps.map((each): [string, string, string] => ['loads', describe(each), formatLocation(each.location)]),
  ];
  return reasons
    .map(
      ([title, text, place]) =>
        `    ${title.padEnd(8)}  ${escapeText(place)}${text === '' ? '' : `  ${escapeText(text)}`}\n`,
    )
    .join('');
}

/** `zlib before it, crc32 after it`. */
function describe({ pre, post }: ModuleSoftDependency): string {
  const parts = [
    [pre, 'before it'],
    [post, 'after it'],
  ] as const;
  return parts.flatMap(([names, when]) => (names.length === 0 ? [] : `${names.join(' ')} ${when}`)).join(', ');
}
