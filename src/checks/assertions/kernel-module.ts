/**
 * `kernel-module`: "loaded or built in", told without booting. Built in passes; available for every installed kernel and
 * requested at boot passes; available and loaded on demand by something the contract names is a should; everything else
 * fails. Without a kernel in the image nobody can tell.
 */

import type { InstalledKernel, KernelFact, KernelModule, ModuleBlock } from '../../facts/kernel/kernel-fact.ts';
import { canonicalModuleName } from '../../facts/kernel/module-name.ts';
import type { Evidence, FactLookup, Judge, Verdict } from '../check.ts';
import { at, fail, inconclusive, pass } from '../verdict.ts';

export interface KernelModuleOptions {
  readonly name: string;
  /** Its option in the kernel configuration, for kernels whose list of built-in modules is not in the image. */
  readonly option?: string;
  /** False: being available is enough. */
  readonly requested?: boolean;
  readonly 'on-demand'?: readonly DemandLoader[];
}

interface DemandLoader {
  readonly unit?: string;
  readonly file?: string;
  readonly says: string;
}

export const kernelModuleAssertion: Judge<KernelModuleOptions> = {
  id: 'kernel-module',
  title: 'A kernel module is built in, or available for every installed kernel and loaded at boot',
  needs: ['kernel', 'startup', 'text', 'file'],
  evaluate: (options, facts) => {
    const name = canonicalModuleName(options.name);
    const fact = facts.get('kernel', '', [name]);
    const { kernels } = fact;
    if (kernels.length === 0) return inconclusive(`there is no kernel in the image to tell whether it has ${name}`);
    const lacking = kernels.filter((kernel) => moduleState(kernel, name, options.option) === 'missing');
    if (lacking.length > 0) return notAvailable(name, lacking);
    const evidence = kernels.flatMap(({ modules }) => modules[name]?.location ?? []).map((one) => at(one, 'available'));
    if (kernels.every((kernel) => moduleState(kernel, name, options.option) === 'builtin'))
      return pass(undefined, evidence);
    for (const kernel of kernels) {
      const unloadable = findUnloadable(kernel, name, facts);
      if (unloadable) return unloadable;
    }
    const block = fact.blocks.find((one) => canonicalModuleName(one.name) === name);
    if (block) return blocked(name, block);
    const request = fact.requests.find((one) => canonicalModuleName(one.name) === name);
    if (request) return pass(undefined, [at(request.location, 'requested by'), ...evidence]);
    if (options.requested === false) return pass(undefined, evidence);
    return notRequested(name, fact, options['on-demand'] ?? [], facts, evidence);
  },
};

/** From the module lists, or from the configuration where they do not name it. */
export function moduleState(kernel: InstalledKernel, name: string, option?: string): KernelModule['state'] | 'missing' {
  const listed = kernel.modules[name]?.state;
  if (listed) return listed;
  return option !== undefined && kernel.config?.[option.replace(/^CONFIG_/, '')] === 'y' ? 'builtin' : 'missing';
}

function notAvailable(name: string, kernels: readonly InstalledKernel[]): Verdict {
  const releases = kernels.map(({ release }) => release).join(', ');
  const places = kernels.map(({ configLocation, image }) => configLocation ?? image);
  return fail(`kernel ${releases} has no module ${name} and has not built it in`, {
    expected: 'available or built in',
    found: 'missing',
    evidence: places.flatMap((place) => (place ? [at(place)] : [])),
    remedy: `Install the package with the kernel's modules whole, or build the kernel with ${name}.`,
  });
}

/** The verdict on a module that kmod does not find: modprobe(8) and systemd-modules-load(8) fail, wherever its file lies. */
export function findUnlisted({ release, modules }: InstalledKernel, name: string): Verdict | undefined {
  const { unlisted, location } = modules[name] ?? {};
  if (!unlisted) return undefined;
  return fail(`kernel ${release} cannot load ${name}: ${unlisted.reason}`, {
    expected: 'available or built in',
    found: 'not listed',
    evidence: [at(unlisted.index, 'index'), ...(location ? [at(location, 'not listed')] : [])],
    remedy: `Run depmod -b ROOT ${release} when the image is built, ROOT being its root directory.`,
  });
}

/** modprobe(8) loads the files that the index names, of what a module needs first. */
function findUnloadable(kernel: InstalledKernel, name: string, facts: FactLookup): Verdict | undefined {
  const unlisted = findUnlisted(kernel, name);
  if (unlisted) return unlisted;
  const module = kernel.modules[name];
  if (module?.state !== 'available' || module.file === undefined) return undefined;
  const { file, dependencies = [], location } = module;
  const lost = [file, ...dependencies].find((path) => facts.get('file', path).state === 'missing');
  if (lost === undefined) return undefined;
  return fail(`kernel ${kernel.release} lists ${name}, but ${lost} is not there`, {
    expected: 'available or built in',
    found: 'missing',
    evidence: [at(location, 'listed')],
    remedy: `Install the package with the kernel's modules whole: ${lost} was taken out.`,
  });
}

function blocked(name: string, block: ModuleBlock): Verdict {
  return fail(`${name} is available but blocked: ${block.text}`, {
    expected: 'loaded',
    found: 'blocked',
    evidence: [at(block.location, 'blocked by', block.text)],
    remedy: `Remove ${block.text} from ${block.location.path ?? 'the kernel command line'}.`,
  });
}

function notRequested(
  name: string,
  { masked }: KernelFact,
  loaders: readonly DemandLoader[],
  facts: FactLookup,
  available: readonly Evidence[],
): Verdict {
  const masks = masked.flatMap(({ file, by }) => [at(file, 'masked'), at(by, 'masked by')]);
  const evidence = [...available, ...masks];
  const loader = loaders.find((one) => isActive(one, facts));
  if (loader) {
    return fail(`${name} is available but not requested at boot: ${loader.says}`, {
      expected: 'requested at boot',
      found: 'loaded on demand',
      severity: 'should',
      evidence,
    });
  }
  return fail(`${name} is available, but nothing loads it at boot`, {
    expected: 'requested at boot',
    found: 'not requested',
    evidence,
  });
}

function isActive({ unit, file }: DemandLoader, facts: FactLookup): boolean {
  if (unit !== undefined) {
    const state = facts.get('startup', '', [unit]).units[unit]?.state;
    return state === 'boot' || state === 'demand';
  }
  if (file === undefined) return true;
  const { text = '' } = facts.get('text', file);
  return text.split('\n').some((line) => /^\s*[^\s#]/.test(line));
}
