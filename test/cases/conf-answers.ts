/** What our readers say to a recorded question, in the words of the program that was asked. */

import { loadEnvFile } from '../../src/facts/environment/env-file.ts';
import { readEnvironmentD } from '../../src/facts/environment/environment-d.ts';
import { quoteShellValue } from '../../src/facts/environment/quote-shell-value.ts';
import { readKernel } from '../../src/facts/kernel/kernel-reader.ts';
import { resolveSysctl, sysctlValue } from '../../src/facts/sysctl/resolve-sysctl.ts';
import { parseSysctlFile } from '../../src/facts/sysctl/sysctl-file.ts';
import { readSysctl } from '../../src/facts/sysctl/sysctl-reader.ts';
import { MemoryFileSystem, type MemoryNode } from '../../src/filesystems/memory.ts';
import { defaultLimits } from '../../src/limits.ts';
import { RootView } from '../../src/root/root-view.ts';
export interface ConfCase {
  readonly id: string;
  readonly files: Readonly<
    Record<string, string | { readonly link?: string; readonly hex?: string; readonly dir?: boolean }>
  >;
  readonly question: { readonly kind: string } & Readonly<Record<string, unknown>>;
  readonly expected: unknown;
}

type Answer = (view: RootView, question: ConfCase['question']) => unknown;

const answers: Readonly<Record<string, Answer>> = {
  sysctl: answerSysctl,
  'env-file': answerEnvFile,
  'environment.d': answerEnvironmentD,
  'modules-load': (view) => ({
    modules_in_order: readKernel(view).value.requests.map(({ name, text }) => text ?? name),
  }),
};

/** The kinds answered here. */
export const confKinds = Object.keys(answers);

/** The answer of our readers, in the shape of `expected`. */
export function answerConfCase(each: ConfCase): unknown {
  const answer = answers[each.question.kind];
  if (!answer) throw new Error(`no answer for the kind ${each.question.kind}`);
  return answer(openTree(each.files), each.question);
}

function openTree(files: ConfCase['files']): RootView {
  const tree: Record<string, MemoryNode> = {};
  for (const [path, file] of Object.entries(files)) {
    if (typeof file === 'string') tree[path] = { text: file };
    else if (file.link !== undefined) tree[path] = { link: file.link };
    else if (file.hex !== undefined) tree[path] = { bytes: Buffer.from(file.hex, 'hex') };
    else tree[path] = { directory: true };
  }
  return new RootView([{ path: '/', fileSystem: new MemoryFileSystem(tree, 'image') }], defaultLimits);
}

/** The recording had plain files for kernel parameters: what was not written, or written empty, reads as nothing. */
function answerSysctl(view: RootView, question: ConfCase['question']): unknown {
  const argv = question.argv as readonly string[];
  const prefix = argv.find((word) => word.startsWith('--prefix='))?.slice('--prefix=/'.length);
  const named = argv.filter((word) => !word.startsWith('-'));
  const parsed = named.map((path) => parseSysctlFile(view.readText(path) ?? '', view.locate(path)));
  const fact =
    named.length === 0
      ? readSysctl(view).value
      : {
          ...resolveSysctl(
            [],
            parsed.flatMap(({ lines }) => lines),
          ),
          problems: parsed.flatMap(({ problems }) => problems),
        };
  const values: Record<string, string | null> = {};
  for (const node of question.existing_nodes as readonly string[]) {
    const chosen = prefix === undefined || `${node}/`.startsWith(`${prefix}/`);
    values[node] = (chosen && sysctlValue(fact, node)?.value) || null;
  }
  return { values, exit: fact.problems.length > 0 ? 1 : 0 };
}

function answerEnvFile(view: RootView, question: ConfCase['question']): unknown {
  const { refused, variables } = loadEnvFile(view.readText(question.path as string) ?? '');
  if (refused !== undefined) return { valid: false };
  return { valid: true, assignments: Object.values(variables).map(({ key, value }) => `${key}=${value}`) };
}

function answerEnvironmentD(view: RootView, question: ConfCase['question']): unknown {
  const { variables, problems } = readEnvironmentD(view, question.environment as Record<string, string>);
  const messages = problems.map(({ reportedAt, message }) => `${reportedAt}: ${message}`);
  const lines = Object.entries(variables).map(([name, { value }]) => `${name}=${quoteShellValue(value)}`);
  return { output: [...messages, ...lines], exit: 0 };
}
