/**
 * The words after `k3s server` or `k3s agent` as flags: `--flag=value`, `--flag value`, one dash or two, switches without a value,
 * `--` ends them (Go's flag package, which k3s's command line is built on).
 */
import { createTable } from '../../table.ts';
import type { Argument } from './command-line.ts';
import { findK3sFlag, type K3sFlag, k3sFlags, minorOf } from './flags.ts';
import type { K3sFact, K3sProblem, K3sValue } from './k3s-fact.ts';

export type Role = 'server' | 'agent';

export interface FlagValue extends K3sValue {
  readonly flag: K3sFlag;
}

export interface ParsedFlags {
  readonly values: readonly FlagValue[];
  readonly problems: readonly K3sProblem[];
}

/** Splits the arguments at the role word, which k3s takes wherever it stands. */
export function splitAtRole(args: readonly Argument[]): { readonly role?: Role; readonly flags: readonly Argument[] } {
  const at = args.findIndex(({ text }) => text === 'server' || text === 'agent');
  if (at < 0) return { flags: [] };
  return { role: args[at]?.text as Role, flags: args.slice(at + 1) };
}

/**
 * Every flag in order. A flag the role or version does not know is a problem, and k3s does not start. Words that are no flags are
 * passed over, except behind a switch, where the first one ends the flags: `--cluster-init true --token x` loses the token.
 */
export function parseFlags(args: readonly Argument[], role: Role, version: string | undefined): ParsedFlags {
  const values: FlagValue[] = [];
  const problems: K3sProblem[] = [];
  const report = (kind: K3sProblem['kind'], subject: string, message: string, { location }: Argument): void => {
    problems.push({ kind, subject, message, effect: kind === 'stray-word' ? 'ignored' : 'refused', location });
  };
  for (let index = 0; index < args.length; index++) {
    const argument = args[index] as Argument;
    const { text, location } = argument;
    if (text === '--') break;
    if (!text.startsWith('-') || text === '-') {
      report('stray-word', text, `k3s ${role} takes no argument '${text}'`, argument);
      continue;
    }
    const [, name = text, attached] = /^--?([^-=][^=]*)(?:=(.*))?$/s.exec(text) ?? [];
    const flag = findK3sFlag(name);
    const problem = problemOf(name, flag, role, version);
    if (problem) report(problem.kind, problem.subject, problem.message, argument);
    if (!flag) continue;
    const next = args[index + 1];
    if (flag.kind === 'switch') {
      const value = switchValue(attached ?? 'true');
      if (value === undefined)
        report('bad-value', flag.name, `--${name} is true or false, not '${attached}'`, argument);
      else if (!problem) values.push({ flag, value, from: 'command line', location });
      if (attached !== undefined || !next || next.text.startsWith('-')) continue;
      report(
        'stray-word',
        next.text,
        `--${name} takes no value: '${next.text}' and all that follows is not read`,
        next,
      );
      break;
    }
    const value = attached ?? next?.text;
    if (attached === undefined) index++;
    if (value === undefined) report('missing-value', flag.name, `--${name} needs a value`, argument);
    else if (!problem) values.push({ flag, value, from: 'command line', location });
  }
  return { values, problems };
}

/** `true` or `false` of what Go takes as a boolean. */
export function switchValue(text: string): 'true' | 'false' | undefined {
  if (/^(?:1|t|T|true|True|TRUE)$/.test(text)) return 'true';
  return /^(?:0|f|F|false|False|FALSE)$/.test(text) ? 'false' : undefined;
}

/** Why a role of a version does not take a flag; undefined if it does. */
export function problemOf(
  name: string,
  flag: K3sFlag | undefined,
  role: Role,
  version: string | undefined,
): Pick<K3sProblem, 'kind' | 'subject' | 'message'> | undefined {
  if (!flag) return { kind: 'unknown-flag', subject: name, message: `k3s ${role} has no flag --${name}` };
  const subject = flag.name;
  if (flag.roles !== 'both' && flag.roles !== role)
    return {
      kind: 'other-role',
      subject,
      message: `k3s ${role} has no flag --${name}: it is one of k3s ${flag.roles}`,
    };
  const minor = version === undefined ? undefined : minorOf(version);
  if (minor !== undefined && (minor < (flag.since ?? 0) || minor > (flag.until ?? Number.POSITIVE_INFINITY)))
    return { kind: 'other-version', subject, message: `k3s ${version} has no flag --${name}` };
  return undefined;
}

/**
 * The setting each flag ends with: collecting flags keep all values, others the last. `values` come in order of strength, `beaten`
 * were replaced before they could count.
 */
export function settleFlags(values: readonly FlagValue[], beaten: readonly FlagValue[] = []): K3sFact['settings'] {
  const byName = new Map<string, FlagValue[]>();
  for (const value of values) byName.set(value.flag.name, [...(byName.get(value.flag.name) ?? []), value]);
  const settings = createTable<K3sFact['settings'][string]>();
  for (const [name, all] of byName) {
    const last = all[all.length - 1] as FlagValue;
    const isList = last.flag.kind === 'list';
    const lost = [...(isList ? [] : all.slice(0, -1).reverse()), ...beaten.filter(({ flag }) => flag.name === name)];
    settings[name] = {
      flag: name,
      values: (isList ? all : [last]).map(({ value }) => value),
      from: last.from,
      location: last.location,
      beats: lost.map(({ value, from, location }) => ({ value, from, location })),
    };
  }
  return settings;
}

/** K3S_* variables of a role's flags. An empty one counts as not set. */
export function environmentFlags(environment: K3sFact['environment'], role: Role): readonly FlagValue[] {
  return k3sFlags.flatMap((flag) => {
    const variable = flag.environment === undefined ? undefined : environment[flag.environment];
    const isTaken = flag.roles === 'both' || flag.roles === role;
    return variable && variable.value !== '' && isTaken ? [{ flag, from: 'environment', ...variable }] : [];
  });
}
