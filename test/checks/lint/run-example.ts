/** Runs one rule on an example of its own: a tree in memory, read by the real fact readers. */
import type { CheckResult } from '../../../src/checks/check.ts';
import type { AnyLintRule, LintExample, LintOptionValue } from '../../../src/checks/lint/lint-rule.ts';
import { runLint } from '../../../src/checks/lint/run-lint.ts';
import { FactStore } from '../../../src/facts/fact-store.ts';
import { MemoryFileSystem, type MemoryTree } from '../../../src/filesystems/memory.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { RootView } from '../../../src/root/root-view.ts';

type Shown = Pick<LintExample, 'tree' | 'mounts' | 'image' | 'options' | 'cost'>;

export async function runExample(rule: AnyLintRule, example: Shown): Promise<readonly CheckResult[]> {
  const mounts = Object.entries<MemoryTree>({ '/': example.tree, ...example.mounts });
  const view = new RootView(
    mounts.map(([path, tree]) => ({
      path,
      fileSystem: new MemoryFileSystem(tree, path === '/' ? 'disk!p2' : 'disk!p1'),
    })),
    defaultLimits,
  );
  const facts = new FactStore(view, { label: 'disk', sideFiles: [], ...example.image });
  const options = Object.entries(example.options ?? {}) as [string, LintOptionValue][];
  const settings = new Map(options.map(([name, value]) => [`${rule.id}.${name}`, value]));
  return runLint([rule], facts, { settings, ...(example.cost ? { cost: example.cost } : {}) });
}
