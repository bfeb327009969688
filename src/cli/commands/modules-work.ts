/** The work of `modules`. */
import type { ExitCode } from '../../checks/result.ts';
import { FactStore } from '../../facts/fact-store.ts';
import type { KernelFact } from '../../facts/kernel/kernel-fact.ts';
import { canonicalModuleName } from '../../facts/kernel/module-name.ts';
import { formatJson } from '../../report/escape.ts';
import { formatModprobeConfiguration } from '../../report/systemd/format-modprobe.ts';
import { formatModules, type ModuleLine } from '../../report/systemd/format-modules.ts';
import { withTargets } from '../open-target.ts';
import { Outcome } from '../outcome.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { readTargetOptions } from './image-options.ts';
import type { ModulesOptions } from './modules.ts';

/** 1 if a module that was named is in none of the kernels, 3 if evidence could not be read. */
export async function printModules(
  image: string,
  modules: readonly string[],
  options: ModulesOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  if (options.showconfig && modules.length > 0) throw new UsageError('--showconfig takes no module');
  const outcome = new Outcome(terminal);
  await withTargets(
    [image],
    { ...readTargetOptions(options, true), needsRoot: true },
    async ({ image: opened, view }) => {
      const facts = new FactStore(view, opened.facts);
      await facts.prepare(['kernel']);
      const { value, gaps } = facts.get('kernel');
      if (options.showconfig) {
        const { blocks, installs, removes, aliases, options: parameters, softdeps, weakdeps } = value;
        const configuration = { blocks, installs, removes, aliases, options: parameters, softdeps, weakdeps };
        terminal.out(options.json ? formatJson(configuration) : formatModprobeConfiguration(configuration));
      } else {
        const names = modules.length === 0 ? value.requests.map(({ name }) => name) : modules.map(canonicalModuleName);
        const lines = [...new Set(names)].flatMap((name) => describeModule(value, name));
        for (const name of modules.map(canonicalModuleName))
          if (lines.every((line) => line.name !== name || line.state === 'missing'))
            outcome.absent(`no kernel of the image has the module ${name}`);
        terminal.out(options.json ? formatJson(lines) : formatModules(lines, options));
      }
      outcome.incomplete(gaps.map(({ cause }) => cause));
    },
  );
  return outcome.exitCode;
}

/** One line for each kernel; one without a kernel if there is none. */
function describeModule(fact: KernelFact, name: string): readonly ModuleLine[] {
  const about = {
    name,
    requests: fact.requests.filter((request) => request.name === name),
    blocks: fact.blocks.filter((block) => block.name === name),
    options: fact.options.filter((option) => option.name === name),
    softdeps: fact.softdeps.filter((softdep) => softdep.name === name),
  };
  if (fact.kernels.length === 0) return [{ ...about, state: 'missing' }];
  return fact.kernels.map(({ release, modules }) => {
    const module = modules[name];
    return { ...about, release, state: module?.state ?? 'missing', ...(module ? { module } : {}) };
  });
}
