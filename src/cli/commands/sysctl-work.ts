/** The work of `sysctl`. */
import { compareNames } from '../../bytes/names.ts';
import type { ExitCode } from '../../checks/result.ts';
import { FactStore } from '../../facts/fact-store.ts';
import { sysctlValue } from '../../facts/sysctl/resolve-sysctl.ts';
import type { SysctlFact, SysctlValue } from '../../facts/sysctl/sysctl-fact.ts';
import { formatSysctlKey, parseSysctlKey } from '../../facts/sysctl/sysctl-key.ts';
import { formatJson } from '../../report/escape.ts';
import { formatParameters } from '../../report/systemd/format-parameters.ts';
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
      await facts.prepare(['sysctl']);
      const { value, gaps } = facts.get('sysctl');
      const found = keys.length === 0 ? allValues(value) : keys.flatMap((key) => findValue(value, key, outcome) ?? []);
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

function findValue(fact: SysctlFact, key: string, outcome: Outcome): SysctlValue | undefined {
  const value = sysctlValue(fact, key);
  if (!value)
    outcome.absent(`${formatSysctlKey(parseSysctlKey(key))} is not set by the image: it is what the kernel makes it`);
  return value;
}
