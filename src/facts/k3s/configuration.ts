/**
 * Where k3s takes its configuration file from, and what the files make of flags: K3S_CONFIG_FILE beats the first --config, which beats
 * the default; config.yaml.d lies beside whichever it is.
 */
import { type Diagnostic, damageFrom } from '../../diagnostic.ts';
import { asImageError } from '../../errors.ts';
import type { RootView } from '../../root/root-view.ts';
import type { Gap } from '../fact.ts';
import { type FlagValue, problemOf, type Role, splitAtRole } from './arguments.ts';
import type { CommandLine } from './command-line.ts';
import { type ConfigText, parseConfigFiles, type Yaml } from './config-file.ts';
import { findK3sFlag } from './flags.ts';
import type { K3sFact, K3sPart, K3sProblem } from './k3s-fact.ts';

export const DEFAULT_CONFIG = '/etc/rancher/k3s/config.yaml';

/** What cannot be told where a configuration file is not known. */
const dependentParts: readonly K3sPart[] = ['settings', 'dataDir'];

export interface Configuration {
  readonly files: K3sFact['configFiles'];
  readonly texts: readonly ConfigText[];
  readonly problems: readonly K3sProblem[];
  readonly gaps: readonly Gap[];
}

/** Finds and reads the files of a service. Never throws an ImageError. */
export function readConfiguration(
  view: RootView,
  command: CommandLine | undefined,
  environment: K3sFact['environment'],
): Configuration {
  const args = splitAtRole(command?.arguments ?? []).flags;
  const named = args.flatMap(({ text, location }, index) => {
    const attached = /^(?:--config|-c)=(.*)$/s.exec(text)?.[1];
    if (attached !== undefined) return [{ path: attached, location }];
    const next = text === '--config' || text === '-c' ? args[index + 1] : undefined;
    return next ? [{ path: next.text, location }] : [];
  })[0];
  const variable = environment.K3S_CONFIG_FILE;
  const fromVariable =
    variable && variable.value !== '' ? { path: variable.value, location: variable.location } : undefined;
  const chosen = fromVariable ?? named;
  const path = chosen?.path ?? DEFAULT_CONFIG;
  const outside = (message: string): Configuration => {
    const cause: Diagnostic = {
      level: 'damage',
      code: 'k3s/config-outside',
      message,
      ...(chosen ? { location: chosen.location } : {}),
    };
    return { files: [], texts: [], problems: [], gaps: [{ cause, keys: dependentParts }] };
  };
  if (/^https?:/.test(path)) return outside(`the configuration is fetched from ${path} when the service starts`);
  if (!path.startsWith('/')) return outside(`the configuration ${path} is relative to the service's directory`);
  if (chosen && path.startsWith('/run/'))
    return outside(`the configuration ${path} only exists on the running machine`);
  const configuration = readConfigFiles(view, path);
  const isMissing = chosen !== undefined && configuration.texts.length === 0 && configuration.gaps.length === 0;
  if (!isMissing) return configuration;
  const message = `the configuration ${path} is not in the image`;
  const problem = {
    kind: 'missing-config',
    subject: path,
    message,
    effect: 'ignored',
    location: chosen.location,
  } as const;
  return { ...configuration, problems: [problem] };
}

function readConfigFiles(view: RootView, path: string): Configuration {
  const files: K3sFact['configFiles'][number][] = [];
  const texts: ConfigText[] = [];
  const gaps: Gap[] = [];
  const attempt = (one: string, read: () => void): void => {
    try {
      read();
    } catch (thrown) {
      const location = view.locate(one);
      files.push({ path: one, state: 'unreadable', location });
      gaps.push({ cause: { location, ...damageFrom(asImageError(thrown)) }, keys: dependentParts });
    }
  };
  const readText = (one: string): void => {
    const text = view.readText(one);
    const location = view.locate(one);
    files.push({ path: one, state: text === undefined ? 'missing' : 'present', location });
    if (text !== undefined) texts.push({ path: one, text, location });
  };
  attempt(path, () => readText(path));
  const folder = `${path}.d`;
  attempt(folder, () => {
    for (const { name, type } of view.list(folder) ?? []) {
      if (type === 'directory' || !/\.ya?ml$/i.test(name)) continue;
      attempt(`${folder}/${name}`, () => readText(`${folder}/${name}`));
    }
  });
  return { files, texts, problems: [], gaps };
}

export interface ConfigFlags {
  readonly values: readonly FlagValue[];
  readonly beaten: readonly FlagValue[];
  readonly problems: readonly K3sProblem[];
}

/** The flags the files set; a key the role or version does not know is a problem. */
export function parseConfiguration(
  texts: readonly ConfigText[],
  yaml: Yaml,
  role: Role,
  version: string | undefined,
): ConfigFlags {
  const parsed = parseConfigFiles(texts, yaml);
  const values: FlagValue[] = [];
  const beaten: FlagValue[] = [];
  const problems: K3sProblem[] = [...parsed.problems];
  for (const [key, found] of parsed.keys) {
    const flag = findK3sFlag(key);
    const problem = problemOf(key, flag, role, version);
    // A server drops what it does not know with a warning, an agent stops.
    const effect = role === 'server' ? 'ignored' : 'refused';
    if (problem)
      problems.push(...found.values.slice(-1).map(({ location }) => ({ ...problem, effect, location }) as const));
    else if (flag) {
      values.push(...found.values.map((one) => ({ flag, from: 'config', ...one }) as const));
      beaten.push(...found.beats.map((one) => ({ flag, from: 'config', ...one }) as const));
    }
  }
  return { values, beaten, problems };
}
