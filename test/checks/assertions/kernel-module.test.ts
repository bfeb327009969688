import { describe, expect, it } from 'vitest';
import type { InstalledKernel, KernelFact } from '../../../src/facts/kernel/kernel-fact.ts';
import { createTable } from '../../../src/table.ts';
import { judge } from '../judge.ts';
import { emptyKernel, file, place, StubFacts } from '../stub-facts.ts';

const kernel = (state?: 'builtin' | 'available', config?: Readonly<Record<string, string>>): InstalledKernel => ({
  release: '6.12',
  modules: createTable(
    state ? [['dm_crypt', { name: 'dm_crypt', state, location: place('/lib/modules/6.12/modules.dep', 7) }]] : [],
  ),
  ...(config ? { config } : {}),
});
const request = { name: 'dm_crypt', by: 'modules-load.d', location: place('/etc/modules-load.d/k3s.conf', 4) } as const;
const block = {
  name: 'dm_crypt',
  kind: 'blacklist',
  text: 'blacklist dm_crypt',
  location: place('/etc/modprobe.d/x.conf', 1),
} as const;
const loaders = [
  { unit: 'crypt.service', says: 'the unit loads it' },
  { file: '/etc/crypttab', says: 'crypttab loads it' },
];

const directory = '/usr/lib/modules/6.12';
const index = `${directory}/modules.dep.bin`;
const listed = place(`${directory}/modules.dep`, 7);

/** With a module whose files are asked for. */
const judgeFiles = (dependencies: readonly string[], files: readonly string[]) => {
  const module = { name: 'dm_crypt', state: 'available', file: `${directory}/dm-crypt.ko`, location: listed } as const;
  const modules = createTable([['dm_crypt', { ...module, dependencies }]]);
  return judge(
    'kernel-module',
    { name: 'dm-crypt' },
    new StubFacts({
      kernel: { '': { ...emptyKernel, kernels: [{ release: '6.12', modules }], requests: [request] } },
      file: Object.fromEntries(files.map((path) => [path, file(path)])),
    }),
  );
};

const judgeModule = (fact: Partial<KernelFact>, options: object = {}, crypttab?: string, started = false) =>
  judge(
    'kernel-module',
    { name: 'dm-crypt', option: 'DM_CRYPT', ...options },
    new StubFacts({
      kernel: { '': { ...emptyKernel, ...fact } },
      text:
        crypttab === undefined
          ? {}
          : {
              '/etc/crypttab': {
                path: '/etc/crypttab',
                state: 'present',
                text: crypttab,
                location: place('/etc/crypttab'),
              },
            },
      startup: {
        '': { units: started ? { 'crypt.service': { unit: 'crypt.service', state: 'boot', because: [] } } : {} },
      },
    }),
  );

describe('kernel-module', () => {
  it.each<[string, Partial<KernelFact>, string]>([
    ['built in', { kernels: [kernel('builtin')] }, 'pass'],
    ['built in, by the configuration', { kernels: [kernel(undefined, { DM_CRYPT: 'y' })] }, 'pass'],
    ['a module by the configuration, but not there', { kernels: [kernel(undefined, { DM_CRYPT: 'm' })] }, 'fail'],
    ['available and requested', { kernels: [kernel('available')], requests: [request] }, 'pass'],
    ['available, not requested', { kernels: [kernel('available')] }, 'fail'],
    ['requested, not available', { kernels: [kernel()], requests: [request] }, 'fail'],
    ['missing in one of two kernels', { kernels: [kernel('available'), kernel()], requests: [request] }, 'fail'],
    ['blocked', { kernels: [kernel('available')], requests: [request], blocks: [block] }, 'fail'],
    ['built in, so no block matters', { kernels: [kernel('builtin')], blocks: [block] }, 'pass'],
    ['no kernel', {}, 'unknown'],
  ])('%s: %s', async (_, fact, status) => {
    expect(await judgeModule(fact)).toMatchObject({ status });
  });

  // modprobe(8) of Debian 13 with the same files taken away: "could not insert".
  it.each<[string, readonly string[], readonly string[], string | undefined]>([
    ['all there', ['dm-mod.ko'], ['dm-crypt.ko', 'dm-mod.ko'], undefined],
    ['without its file', [], [], `kernel 6.12 lists dm_crypt, but ${directory}/dm-crypt.ko is not there`],
    [
      'without what it needs',
      ['dm-mod.ko'],
      ['dm-crypt.ko'],
      `kernel 6.12 lists dm_crypt, but ${directory}/dm-mod.ko is not there`,
    ],
  ])('a module in files, %s', async (_, dependencies, files, message) => {
    const paths = (names: readonly string[]): readonly string[] => names.map((name) => `${directory}/${name}`);
    const verdict = await judgeFiles(paths(dependencies), paths(files));
    expect(verdict).toMatchObject(message === undefined ? { status: 'pass' } : { status: 'fail', message });
  });

  // modprobe(8) of Debian 12 and 13: "Module NAME not found".
  it('a module that kmod does not find', async () => {
    const path = `${directory}/dm-crypt.ko`;
    const reason = `there is no ${index} to find its modules by`;
    const unlisted = { reason, index: place(index) };
    const module = { name: 'dm_crypt', state: 'unlisted', file: path, location: listed, unlisted } as const;
    const facts = new StubFacts({
      kernel: {
        '': {
          ...emptyKernel,
          kernels: [{ release: '6.12', modulesPath: directory, modules: createTable([['dm_crypt', module]]) }],
          requests: [request],
        },
      },
      file: { [path]: file(path) },
    });
    expect(await judge('kernel-module', { name: 'dm-crypt' }, facts)).toMatchObject({
      status: 'fail',
      message: `kernel 6.12 cannot load dm_crypt: ${reason}`,
      evidence: [{ location: place(index) }, { role: 'not listed', location: listed }],
      remedy: expect.stringContaining('depmod -b ROOT 6.12'),
    });
  });

  it('names the line that blocks', async () => {
    expect(await judgeModule({ kernels: [kernel('available')], requests: [request], blocks: [block] })).toMatchObject({
      evidence: [{ role: 'blocked by', location: block.location }],
      remedy: `Remove ${block.text} from ${block.location.path}.`,
    });
  });

  const available = { kernels: [kernel('available')] };
  it.each([
    ['a unit that is started', undefined, true, 'the unit loads it'],
    ['a file with a line in it', '# none\nswap /dev/sda3\n', false, 'crypttab loads it'],
  ])('warns, naming who loads it: %s', async (_, crypttab, started, says) => {
    expect(await judgeModule(available, { 'on-demand': loaders }, crypttab, started)).toMatchObject({
      status: 'fail',
      severity: 'should',
      message: expect.stringContaining(says),
    });
  });

  it('fails where nobody would load it after all', async () => {
    const verdict = await judgeModule(available, { 'on-demand': loaders }, '# no volumes\n');
    expect(verdict).toMatchObject({ status: 'fail', found: 'not requested' });
    expect(verdict).not.toHaveProperty('severity');
  });

  it('asks for no request where being available is enough', async () => {
    expect(await judgeModule(available, { requested: false })).toMatchObject({ status: 'pass' });
  });
});

describe('kernel-config', () => {
  const judgeConfig = (config: Readonly<Record<string, string>> | undefined, value: unknown) =>
    judge(
      'kernel-config',
      { option: 'CONFIG_DM_CRYPT', value },
      new StubFacts({ kernel: { '': { ...emptyKernel, kernels: [kernel(undefined, config)] } } }),
    );

  it.each([
    [{ DM_CRYPT: 'm' }, { 'one-of': ['y', 'm'] }, 'pass'],
    [{}, { 'one-of': ['y', 'm'] }, 'fail'],
    [{}, { absent: true }, 'pass'],
    [undefined, 'y', 'unknown'],
  ])('%j against %j: %s', async (config, value, status) => {
    expect(await judgeConfig(config, value)).toMatchObject({ status });
  });
});
