/** The work of `sysctl`. */
import { compareNames } from '../../bytes/names.ts';
import type { ExitCode } from '../../checks/result.ts';
import { FactStore } from '../../facts/fact-store.ts';
import { findKeyExistence } from '../../facts/sysctl/key-existence.ts';
import { sysctlValue } from '../../facts/sysctl/resolve-sysctl.ts';
import type { SysctlFact, SysctlValue } from '../../facts/sysctl/sysctl-fact.ts';
import { formatSysctlKey, parseSysctlKey } from '../../facts/sysctl/sysctl-key.ts';
import { formatJson } from '../../report/escape.ts';
import { formatParameters, type Parameter } from '../../report/systemd/format-parameters.ts';
import { withTargets } from '../open-target.ts';
import { Outcome } from '../outcome.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { readTargetOptions } from './image-options.ts';
import type { SysctlOptions } from './sysctl.ts';

/** 1 if a key is not set by the image, 3 if evidence could not be read. */
export async function printParameters(
  image: string,
  keys: readonly string[],
  options: SysctlOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  if (options.all && keys.length > 0) throw new UsageError('--all takes no key');
  const outcome = new Outcome(terminal);
  await withTargets(
    [image],
    { ...readTargetOptions(options, true), needsRoot: true },
    async ({ image: opened, view }) => {
      const facts = new FactStore(view, opened.facts);
      await facts.prepare(options.why ? ['sysctl', 'kernel'] : ['sysctl']);
      const { value, gaps } = facts.get('sysctl');
      const values = keys.length === 0 ? allValues(value) : keys.flatMap((key) => findValue(value, key, outcome) ?? []);
      const found = options.why ? values.map((one) => withExistence(one, facts, outcome)) : values;
      terminal.out(options.json ? formatJson(found) : formatParameters(found, options));
      outcome.incomplete(gaps.map(({ cause }) => cause));
    },
  );
  return outcome.exitCode;
}

/** Explicit keys by name, then patterns, which set whatever keys they match. */
function allValues({ values, globs }: SysctlFact): readonly SysctlValue[] {
  const explicit = Object.values(values).sort((a, b) => compareNames(a.key, b.key));
  const patterns = globs.map((set) => ({
    key: formatSysctlKey(parseSysctlKey(set.key)),
    value: set.value,
    set,
    beats: [],
  }));
  return [...explicit, ...patterns];
}

/** The kernels are only looked at for a key that some module brings into being. */
function withExistence(value: SysctlValue, facts: FactStore, outcome: Outcome): Parameter {
  if (value.requiresModule === undefined) return value;
  const kernel = facts.get('kernel');
  outcome.incomplete(kernel.gaps.map(({ cause }) => cause));
  return { ...value, existence: findKeyExistence(value.requiresModule, kernel.value) };
}

function findValue(fact: SysctlFact, key: string, outcome: Outcome): SysctlValue | undefined {
  const value = sysctlValue(fact, key);
  if (!value)
    outcome.absent(`${formatSysctlKey(parseSysctlKey(key))} is not set by the image: it is what the kernel makes it`);
  return value;
}
