/** What our readers say to a recorded question, in the words of the program that was asked. */

import { readAccounts } from '../../src/facts/accounts/accounts-reader.ts';
import { listConfigStack } from '../../src/facts/conf-files/cat-config.ts';
import { loadEnvFile } from '../../src/facts/environment/env-file.ts';
import { readEnvironmentD } from '../../src/facts/environment/environment-d.ts';
import { quoteShellValue } from '../../src/facts/environment/quote-shell-value.ts';
import { readKernel } from '../../src/facts/kernel/kernel-reader.ts';
import { resolveSysctl, sysctlValue } from '../../src/facts/sysctl/resolve-sysctl.ts';
import { parseSysctlFile } from '../../src/facts/sysctl/sysctl-file.ts';
import { readSysctl } from '../../src/facts/sysctl/sysctl-reader.ts';
import { expectedNode } from '../../src/facts/tmpfiles/expected-node.ts';
import { readTmpfiles } from '../../src/facts/tmpfiles/tmpfiles-reader.ts';
import type { NodeType } from '../../src/filesystems/file-system.ts';
import type { MemoryTree } from '../../src/filesystems/memory.ts';
import type { RootView } from '../../src/root/root-view.ts';
import { type RecordedCase, viewOf } from './load-cases.ts';

type Answer = (view: RootView, question: RecordedCase['question']) => unknown;

const answers: Readonly<Record<string, Answer>> = {
  sysctl: answerSysctl,
  'cat-config': (view, { what }) => ({ files_in_order: listConfigStack(view, what as string).files, exit: 0 }),
  sysusers: answerSysusers,
  tmpfiles: answerTmpfiles,
  'env-file': answerEnvFile,
  'environment.d': answerEnvironmentD,
  'modules-load': (view) => ({
    modules_in_order: readKernel(view).value.requests.map(({ name, text }) => text ?? name),
  }),
};

/** The kinds answered here. */
export const confKinds = Object.keys(answers);

/** The answer of our readers, in the shape of `expected`. */
export function answerConfCase(each: RecordedCase): unknown {
  const answer = answers[each.question.kind];
  if (!answer) throw new Error(`no answer for the kind ${each.question.kind}`);
  return answer(viewOf(each, recordingTree), each.question);
}

/** What the trees of the recordings held besides the files of a case. */
const recordingTree: MemoryTree = {
  '/etc/machine-id': '00000000000000000000000000000001\n',
  '/etc/passwd': 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n',
  '/etc/group': 'root:x:0:\nnogroup:x:65534:\n',
};

/** The recording had plain files for kernel parameters: what was not written, or written empty, reads as nothing. */
function answerSysctl(view: RootView, question: RecordedCase['question']): unknown {
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

function answerEnvFile(view: RootView, question: RecordedCase['question']): unknown {
  const { refused, variables } = loadEnvFile(view.readText(question.path as string) ?? '');
  if (refused !== undefined) return { valid: false };
  return { valid: true, assignments: Object.values(variables).map(({ key, value }) => `${key}=${value}`) };
}

function answerEnvironmentD(view: RootView, question: RecordedCase['question']): unknown {
  const { variables, problems } = readEnvironmentD(view, question.environment as Record<string, string>);
  const messages = problems.map(({ reportedAt, message }) => `${reportedAt}: ${message}`);
  const lines = Object.entries(variables).map(([name, { value }]) => `${name}=${quoteShellValue(value)}`);
  return { output: [...messages, ...lines], exit: 0 };
}

function answerSysusers(view: RootView): unknown {
  const { users, groups } = readAccounts(view).value;
  return {
    passwd: users.map(({ name, uid, gid, comment, home, shell }) =>
      [name, 'x', uid, gid, comment, home, shell].join(':'),
    ),
    group: groups.map(({ name, gid, members }) => [name, 'x', gid, members.join(',')].join(':')),
    exit: 0,
  };
}

const nodeNames: Partial<Record<NodeType, string>> = { directory: 'dir', symlink: 'link', file: 'file' };

function answerTmpfiles(view: RootView, question: RecordedCase['question']): unknown {
  const fact = readTmpfiles(view, readAccounts(view)).value;
  const paths: Record<string, unknown> = {};
  for (const path of question.paths as readonly string[]) {
    const node = expectedNode(view, fact, path);
    const type = node && (nodeNames[node.type] ?? node.type);
    const mode = node?.mode.toString(8).padStart(4, '0');
    const owned = node && { type, mode, uid: node.uid, gid: node.gid };
    if (!node) paths[path] = null;
    else if (node.type === 'symlink') paths[path] = { type, to: node.target };
    else paths[path] = node.text === undefined ? owned : { ...owned, text: node.text };
  }
  return { paths, exit: fact.problems.length > 0 ? 65 : 0 };
}
