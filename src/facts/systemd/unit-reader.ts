/** The fact `unit`: one unit as systemd would load it from the image. */
import { type Diagnostic, damageFrom } from '../../diagnostic.ts';
import { asImageError } from '../../errors.ts';
import type { RootView } from '../../root/root-view.ts';
import { createTable, type Table } from '../../table.ts';
import type { FactContext, FactReader, FactResult } from '../fact.ts';
import { describeUnit } from './describe-unit.ts';
import { type Enablement, findEnablement } from './enablement.ts';
import type { LoadedUnit } from './loaded-unit.ts';
import type { Assignment, Directive, UnitFact, UnitFileState } from './unit-fact.ts';
import { UnitSet, type UnitSetOptions } from './unit-set.ts';

export const unitReader: FactReader<'unit'> = {
  id: 'unit',
  title: 'A systemd unit with drop-ins, aliases, masks, and every directive with its source',
  reads: [
    '/etc/systemd/system/**',
    '/run/systemd/**',
    '/usr/local/lib/systemd/system/**',
    '/usr/lib/systemd/system/**',
    '/etc/systemd/system.conf',
    '/etc/systemd/system.conf.d/*.conf',
  ],
  needs: ['platform'],
  read: (view, context, key) => readUnit(shareUnits(view, context), key),
};

/** The one UnitSet of an image. */
export function shareUnits(view: RootView, context: FactContext): UnitSet {
  return context.share('systemd/units', () => new UnitSet(view, unitOptions(context)));
}

function unitOptions(context: FactContext): UnitSetOptions {
  const { commandLine, boot } = context.image;
  const architecture = (): string | undefined => context.get('platform').value.architecture;
  return { architecture, ...(commandLine ? { commandLine } : {}), ...(boot ? { boot } : {}) };
}

/** The unit a name stands for. An invalid name is a unit that is not found. */
export function readUnit(set: UnitSet, name: string): FactResult<UnitFact> {
  try {
    return readLoadable(set, name);
  } catch (thrown) {
    const cause = damageFrom(asImageError(thrown));
    return {
      value: { ...notFound(name), loadState: 'error' },
      diagnostics: [cause],
      gaps: [...set.gaps, { cause, keys: [name] }],
    };
  }
}

function readLoadable(set: UnitSet, name: string): FactResult<UnitFact> {
  const unit = set.load(name);
  if (!unit) return { value: notFound(name), diagnostics: [], gaps: set.gaps };
  const damage: Diagnostic[] = [...unit.damage];
  let enablement: Enablement = { state: 'bad' };
  try {
    enablement = findEnablement(set, name);
  } catch (thrown) {
    const cause = damageFrom(asImageError(thrown));
    const known = [...damage, ...set.gaps.map((gap) => gap.cause)];
    if (!known.some(({ code, message }) => code === cause.code && message === cause.message)) damage.push(cause);
  }
  let properties: Table<string> | undefined;
  const value: UnitFact = {
    name,
    id: unit.id,
    loadState: unit.loadState,
    ...(unit.loadError === undefined ? {} : { loadError: unit.loadError }),
    ...(unit.fragmentPath === undefined ? {} : { fragmentPath: unit.fragmentPath }),
    ...(unit.fragment === undefined ? {} : { fragment: unit.fragment }),
    dropInPaths: unit.dropInPaths,
    aliases: unit.names.filter((each) => each !== unit.id),
    unitFileState: enablement.state,
    ...(enablement.because === undefined ? {} : { enabledBy: enablement.because }),
    directives: directivesOf(unit),
    // Hundreds of values that few ask for: made on the first question.
    get properties() {
      properties ??= describeUnit(set, unit, stateOf(set, unit, name, enablement.state));
      return properties;
    },
    problems: unit.problems,
  };
  const gaps = [
    ...set.gaps,
    ...set.manager.gaps,
    ...damage.map((cause) => ({ cause, keys: [...new Set([name, ...unit.names])] })),
  ];
  return { value, diagnostics: damage, gaps };
}

/** The manager knows a unit by its main name: the file of an alias is in the state of what it stands for. */
function stateOf(set: UnitSet, unit: LoadedUnit, name: string, state: UnitFileState): UnitFileState {
  return unit.id === name || state === 'bad' ? state : findEnablement(set, unit.id).state;
}

function notFound(name: string): UnitFact {
  return {
    name,
    id: name,
    loadState: 'not-found',
    dropInPaths: [],
    aliases: [],
    unitFileState: 'not-found',
    directives: createTable(),
    properties: createTable(),
    problems: [],
  };
}

/** Settings by `Section.Key`; keys with another spelling are there under both. */
function directivesOf(unit: LoadedUnit): Table<Directive> {
  const table = createTable<Directive>();
  for (const [id, { values, beats, reset }] of unit.settings) {
    table[id] = { ...splitId(id), values, beats, ...(reset ? { reset } : {}) };
  }
  if (unit.spelled.size === 0) return table;
  const counts = new Set([...unit.settings.values()].flatMap(({ values }) => values));
  for (const [id, assignments] of unit.spelled) {
    const values = assignments.filter((each) => counts.has(each));
    const beats: readonly Assignment[] = assignments.filter((each) => !counts.has(each)).toReversed();
    table[id] = { ...splitId(id), values, beats };
  }
  return table;
}

function splitId(id: string): { readonly section: string; readonly key: string } {
  const dot = id.indexOf('.');
  return { section: id.slice(0, dot), key: id.slice(dot + 1) };
}
