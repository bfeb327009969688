/** The fact `k3s`: the role of the machine, the service that runs it, and the configuration k3s ends up with. */
import type { RootView } from '../../root/root-view.ts';
import type { FactContext, FactReader, FactResult } from '../fact.ts';
import { environmentFlags, parseFlags, type Role, settleFlags, splitAtRole } from './arguments.ts';
import type { Yaml } from './config-file.ts';
import { type Configuration, DEFAULT_CONFIG, parseConfiguration, readConfiguration } from './configuration.ts';
import type { K3sFact, K3sToken } from './k3s-fact.ts';
import { type K3sService, readK3sService } from './service.ts';

const DEFAULT_DATA = '/var/lib/rancher/k3s';

export const k3sReader: FactReader<'k3s'> = {
  id: 'k3s',
  title: 'Role, service and effective configuration of k3s',
  reads: [DEFAULT_CONFIG, `${DEFAULT_CONFIG}.d/*`, 'files named by EnvironmentFile= and --config'],
  needs: ['packages', 'startup', 'unit', 'binary'],
  prepare: prepareYaml,
  read: readK3s,
};

function preparedYaml(context: FactContext): Yaml {
  const yaml = context.share<Yaml | undefined>('k3s/yaml', () => undefined);
  if (!yaml) throw new Error('the fact k3s was read before it was prepared');
  return yaml;
}

async function prepareYaml(view: RootView, context: FactContext): Promise<void> {
  const { texts } = readOnce(view, context).config;
  if (texts.length === 0) return;
  const yaml = await import('yaml');
  context.share<Yaml | undefined>('k3s/yaml', () => yaml);
}

const noConfiguration: Configuration = { files: [], texts: [], problems: [], gaps: [] };

interface Reading {
  readonly service: K3sService;
  readonly config: Configuration;
}

function readOnce(view: RootView, context: FactContext): Reading {
  return context.share('k3s/service', () => {
    const service = readK3sService(view, context);
    const hasRole = service.role !== 'none';
    const { environment } = service.environment;
    return { service, config: hasRole ? readConfiguration(view, service.command, environment) : noConfiguration };
  });
}

function readK3s(view: RootView, context: FactContext): FactResult<K3sFact> {
  const { service, config } = readOnce(view, context);
  const { command } = service;
  const { environment, files: environmentFiles, gaps: environmentGaps } = service.environment;
  const split = splitAtRole(command?.arguments ?? []);
  const role: Role = split.role ?? (service.role === 'agent' ? 'agent' : 'server');
  const version = command && context.get('binary', command.program).value.k3sVersion?.text;
  const given = parseFlags(split.flags, role, version);
  const configured =
    config.texts.length === 0
      ? { values: [], beaten: [], problems: [] }
      : parseConfiguration(config.texts, preparedYaml(context), role, version);
  const isPresent = service.role !== 'none';
  const settings = settleFlags(
    isPresent ? [...environmentFlags(environment, role), ...configured.values, ...given.values] : [],
    configured.beaten,
  );
  const value: K3sFact = {
    role: service.role,
    roleEvidence: service.roleEvidence,
    ...(service.unit === undefined ? {} : { unit: service.unit }),
    ...(command ? { program: { path: command.program, location: command.location } } : {}),
    arguments: command?.arguments.map(({ text }) => text) ?? [],
    dataDir: settings['data-dir']?.values[0] ?? DEFAULT_DATA,
    settings,
    environmentFiles,
    configFiles: config.files,
    tokens: tokensOf(settings),
    problems: [...config.problems, ...configured.problems, ...given.problems],
    ...(version === undefined ? {} : { version }),
    environment,
  };
  return { value, diagnostics: [], gaps: [...service.gaps, ...environmentGaps, ...config.gaps] };
}

const tokenFlags = ['token', 'token-file', 'agent-token', 'agent-token-file'] as const;

function tokensOf(settings: K3sFact['settings']): readonly K3sToken[] {
  return tokenFlags.flatMap((flag) => {
    const setting = settings[flag];
    const value = setting?.values[0];
    if (!setting || value === undefined) return [];
    return [{ flag, value, isFile: flag.endsWith('-file'), from: setting.from, location: setting.location }];
  });
}
