/** Whatever lies in the unit directories, the resolver answers, answers the same twice, and throws nothing but ImageError. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ImageError } from '../../../src/errors.ts';
import { BootedGraph } from '../../../src/facts/systemd/booted-graph.ts';
import { readUnitTexts } from '../../../src/facts/systemd/cat-unit.ts';
import { describeUnit } from '../../../src/facts/systemd/describe-unit.ts';
import { listDirectives } from '../../../src/facts/systemd/directives/registry.ts';
import { findEnablement } from '../../../src/facts/systemd/enablement.ts';
import { listDependencies } from '../../../src/facts/systemd/list-dependencies.ts';
import { listUnitFiles } from '../../../src/facts/systemd/list-unit-files.ts';
import { findPropertySources } from '../../../src/facts/systemd/property-sources.ts';
import { resolveStartup } from '../../../src/facts/systemd/startup.ts';
import { UnitGraph } from '../../../src/facts/systemd/unit-graph.ts';
import { readUnit } from '../../../src/facts/systemd/unit-reader.ts';
import { UnitSet } from '../../../src/facts/systemd/unit-set.ts';
import { auditUnits } from '../../../src/facts/systemd/verify/audit-units.ts';
import { Programs } from '../../../src/facts/systemd/verify/program-state.ts';
import { MemoryFileSystem, type MemoryNode } from '../../../src/filesystems/memory.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { RootView } from '../../../src/root/root-view.ts';

const directories = [
  '/etc/systemd/system',
  '/run/systemd/system',
  '/usr/lib/systemd/system',
  '/usr/lib/systemd/system-preset',
];
const units = [
  'a.service',
  'a@.service',
  'a@x.service',
  'b-c.service',
  'b.socket',
  'd.target',
  'default.target',
  'e.timer',
  'f.path',
];
const unitName = fc.constantFrom(
  ...units,
  'mnt-x.mount',
  '-.mount',
  'dev-sda.swap',
  'u.slice',
  'bad name',
  'loop.service',
);
const fileName = fc.oneof(
  unitName,
  fc
    .tuple(unitName, fc.constantFrom('.d/a.conf', '.d/b.conf', '.wants/a.service', '.requires/b.socket', '.upholds/x'))
    .map((parts) => parts.join('')),
  fc.constantFrom('service.d/z.conf', 'a@.service.d/q.conf', 'b-.service.d/p.conf', '90.preset'),
);
const path = fc.tuple(fc.constantFrom(...directories), fileName).map((parts) => parts.join('/'));

const value = fc.oneof(
  unitName,
  fc.constantFrom(
    '',
    'yes',
    '1',
    '%i %I %n %',
    '%Q',
    '/dev/null',
    '-/x',
    '/a/../b',
    '5min',
    'infinity',
    '~CAP_KILL',
    '/bin/true ; /bin/false "',
    'A=1 "B=2',
    '|!/etc/x',
    '1:2',
    '50%',
    '\\x2e\\u00e9\\',
  ),
  fc.string({ maxLength: 40 }),
);
const line = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(fc.constantFrom(...listDirectives()), value)
      .map(([id, text]) => `[${id.slice(0, id.indexOf('.'))}]\n${id.slice(id.indexOf('.') + 1)}=${text}`),
  },
  { weight: 1, arbitrary: fc.string({ maxLength: 60 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '[Service]\nExecStart=/bin/true',
      '[Install]\nWantedBy=d.target default.target',
      'enable a*',
      'disable *',
    ),
  },
);
const damage = new ImageError('corrupt', 'test/damage', 'the block is damaged');
const node: fc.Arbitrary<string | MemoryNode> = fc.oneof(
  { weight: 8, arbitrary: fc.array(line, { maxLength: 8 }).map((lines) => lines.join('\n')) },
  { weight: 2, arbitrary: unitName.map((link) => ({ link })) },
  { weight: 1, arbitrary: path.map((link) => ({ link })) },
  {
    weight: 1,
    arbitrary: fc.constantFrom({ link: '/dev/null' }, { link: '..' }, { directory: true }, { type: 'fifo' as const }),
  },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 40 }).map((bytes) => ({ bytes })) },
  { weight: 1, arbitrary: fc.constant({ text: 'x', error: damage }) },
);
const fstab = fc.oneof(
  fc.constant(''),
  fc.string({ maxLength: 80 }),
  fc.constant('/dev/sda1 /mnt/x ext4 x-systemd.automount,nofail 0 0\nLABEL=a%b none swap sw\n'),
);
const tree = fc.tuple(fc.dictionary(path, node, { maxKeys: 14 }), fstab);

function resolveAll([files, text]: [Record<string, string | MemoryNode>, string]): unknown {
  try {
    const fileSystem = new MemoryFileSystem({ ...files, '/etc/fstab': text });
    const view = new RootView([{ path: '/', fileSystem }], defaultLimits);
    const set = new UnitSet(view);
    const facts = [...units, ...set.index.names()].map((name) => readUnit(set, name));
    const startup = resolveStartup(set);
    const graph = new UnitGraph(set);
    const booted = new BootedGraph(set);
    const shown = [...units, ...set.index.names()].map((name) => {
      const unit = set.load(name);
      if (!unit) return [];
      const around = booted.around(unit);
      const properties = answerOf(() => describeUnit(set, unit, findEnablement(set, name).state, around));
      const sources =
        typeof properties === 'string'
          ? []
          : Object.keys(properties).map((property) => findPropertySources(set, unit, property));
      const drawn = answerOf(() => listDependencies(set, around, unit.id, { all: true }));
      return [properties, sources, drawn, answerOf(() => readUnitTexts(set, unit))];
    });
    const after = set.index
      .names()
      .map((name) => [...graph.dependencies(set.load(name) as NonNullable<ReturnType<UnitSet['load']>>, 'After')]);
    const programs = new Programs(view, undefined);
    const audit = answerOf(() => auditUnits({ set, started: startup.value.units, programs, accounts: undefined }));
    return JSON.parse(JSON.stringify([facts, startup, shown, after, audit, answerOf(() => listUnitFiles(set))]));
  } catch (thrown) {
    return answerOf(() => {
      throw thrown;
    });
  }
}

/** The answer, or the code of the ImageError in its place; any other error goes through. */
function answerOf<T>(ask: () => T): T | string {
  try {
    return ask();
  } catch (thrown) {
    if (thrown instanceof ImageError) return thrown.code;
    throw thrown;
  }
}

test('any tree of units has one answer', () => {
  fc.assert(
    fc.property(tree, (input) => {
      expect(resolveAll(input)).toEqual(resolveAll(input));
    }),
    { seed: 257, numRuns: 60 },
  );
}, 60_000);
