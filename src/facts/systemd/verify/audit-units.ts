/**
 * All units of an image and what stands behind their settings. A template is read as an instance that nobody asks for, so that
 * its lines are looked at; what would depend on the instance's name is left out. Each line is reported once, with the first unit it counts for.
 */
import { type Diagnostic, damageFrom } from '../../../diagnostic.ts';
import { asImageError } from '../../../errors.ts';
import type { Location } from '../../../location.ts';
import type { Table } from '../../../table.ts';
import type { AccountsFact } from '../../accounts/accounts-fact.ts';
import type { Gap } from '../../fact.ts';
import { findFailedCondition } from '../conditions.ts';
import type { LoadedUnit } from '../loaded-unit.ts';
import type { UnitProblem, UnitStart } from '../unit-fact.ts';
import { instantiate, parseUnitName } from '../unit-name.ts';
import { placeOfLine, type ReadFile, type UnitSet } from '../unit-set.ts';
import { auditDropped, auditReferences, auditTrigger } from './audited-references.ts';
import { auditAccounts, auditCommands, auditFiles, probeInstance } from './audited-settings.ts';
import { adviseLine, findNewer, findUnknownCalls } from './line-advice.ts';
import { findOrderingCycles } from './ordering-cycles.ts';
import type { Programs } from './program-state.ts';
import { findStrayEntries } from './stray-entries.ts';
import type { AuditedAdvice, AuditedUnit, NewerDirective, UnitAuditFact, UnitUse } from './unit-audit-fact.ts';

export interface AuditSources {
  readonly set: UnitSet;
  readonly started: Table<UnitStart>;
  readonly programs: Programs;
  /** undefined if accounts come from elsewhere (a directory service) or could not be read. */
  readonly accounts: AccountsFact | undefined;
}

export interface Audit {
  readonly value: UnitAuditFact;
  readonly gaps: readonly Gap[];
}

export function auditUnits(sources: AuditSources): Audit {
  const { set } = sources;
  const auditor = new Auditor(sources);
  const units = unitNames(sources).flatMap((name) => auditor.audit(name));
  const cycles = auditor.guard(() => findOrderingCycles(set), []);
  const strays = auditor.guard(() => findStrayEntries(set), []);
  const { major } = set.version;
  return { value: { ...(major === undefined ? {} : { systemd: major }), units, cycles, strays }, gaps: auditor.gaps };
}

/** Every name that stands for a unit, templates as such, sorted. */
function unitNames({ set, started }: AuditSources): readonly string[] {
  const names = new Set([...set.index.names(), ...Object.keys(started)]);
  return [...names].filter((name) => parseUnitName(name) !== undefined).sort();
}

class Auditor {
  readonly gaps: Gap[];
  readonly #sources: AuditSources;
  readonly #seen = new Set<LoadedUnit>();
  readonly #seenFiles = new Set<string>();
  readonly #seenProblems = new Set<string>();
  readonly #users: ReadonlySet<string>;
  readonly #groups: ReadonlySet<string>;

  constructor(sources: AuditSources) {
    this.#sources = sources;
    this.gaps = [...sources.set.gaps];
    // nss-systemd(8) knows these two without an entry.
    this.#users = new Set(['root', 'nobody', ...(sources.accounts?.users ?? []).map(({ name }) => name)]);
    this.#groups = new Set(['root', 'nogroup', 'nobody', ...(sources.accounts?.groups ?? []).map(({ name }) => name)]);
  }

  audit(name: string): readonly AuditedUnit[] {
    const unit = this.#load(name);
    if (!unit || this.#seen.has(unit) || unit.loadState === 'not-found') return [];
    this.#seen.add(unit);
    this.gaps.push(...unit.damage.map((cause) => gapOf(cause, unit)));
    const shown = unit.name.instance === probeInstance ? name : unit.id;
    const base = {
      name: shown,
      loadState: unit.loadState,
      ...(unit.loadError === undefined ? {} : { loadError: unit.loadError }),
      ...(unit.fragment ? { fragment: unit.fragment } : {}),
      ...this.#useOf(shown, unit),
      ...this.#lines(unit),
    };
    if (unit.loadState !== 'loaded')
      return [{ ...base, commands: [], missingAccounts: [], missingFiles: [], references: [], dropped: [] }];
    return [{ ...base, ...this.#behind(unit) }];
  }

  /** What `look` says, `otherwise` with a gap if it meets damage. */
  guard<T>(look: () => T, otherwise: T, unit?: LoadedUnit): T {
    try {
      return look();
    } catch (thrown) {
      const cause = damageFrom(asImageError(thrown));
      this.gaps.push(unit ? gapOf(cause, unit) : { cause });
      return otherwise;
    }
  }

  #load(name: string): LoadedUnit | undefined {
    const parsed = parseUnitName(name);
    const asked = parsed?.form === 'template' ? instantiate(parsed, probeInstance) : name;
    return asked === undefined ? undefined : this.guard(() => this.#sources.set.load(asked), undefined);
  }

  #behind(
    unit: LoadedUnit,
  ): Pick<AuditedUnit, 'commands' | 'missingAccounts' | 'missingFiles' | 'references' | 'dropped' | 'trigger'> {
    const { set, programs, accounts } = this.#sources;
    const trigger = this.guard(() => auditTrigger(set, unit), undefined, unit);
    const isKnown = (kind: 'user' | 'group', name: string): boolean =>
      !accounts || (kind === 'user' ? this.#users : this.#groups).has(name);
    return {
      commands: auditCommands(unit, programs),
      missingAccounts: auditAccounts(unit, isKnown),
      missingFiles: this.guard(() => auditFiles(unit, set.view), [], unit),
      references: this.guard(() => auditReferences(set, unit), [], unit),
      dropped: auditDropped(unit),
      ...(trigger ? { trigger } : {}),
    };
  }

  #useOf(name: string, unit: LoadedUnit): { readonly use: UnitUse; readonly skippedBecause?: string } {
    const { started, set } = this.#sources;
    const start = [name, ...unit.names].map((each) => started[each]).find((each) => each !== undefined);
    const use = start ? useOf(start) : 'no';
    const failed = this.guard(() => findFailedCondition(set, unit), undefined, unit);
    return failed?.kind === 'condition' ? { use, skippedBecause: failed.text } : { use };
  }

  #newProblems(unit: LoadedUnit, files: readonly ReadFile[]): readonly UnitProblem[] {
    const open = unit.name.instance === probeInstance ? linesOfInstance(files) : undefined;
    return unit.problems.filter(({ kind, location, message }) => {
      const line = placeKey(location);
      if (kind === 'bad-value' && open?.has(line)) return false;
      const key = `${line}:${message}`;
      if (this.#seenProblems.has(key)) return false;
      this.#seenProblems.add(key);
      return true;
    });
  }

  #lines(unit: LoadedUnit): Pick<AuditedUnit, 'problems' | 'advice' | 'newer'> {
    const { set } = this.#sources;
    const files = unit.loadState === 'masked' ? [] : this.guard(() => set.readFilesOf(unit), [], unit);
    const problems = [...this.#newProblems(unit, files)];
    const advice: AuditedAdvice[] = [];
    const newer: NewerDirective[] = [];
    for (const file of files) {
      const key = `${file.place.source}:${file.place.path}`;
      if (!file.isLine && this.#seenFiles.has(key)) continue;
      this.#seenFiles.add(key);
      for (const assignment of file.parsed.assignments) {
        const location = placeOfLine(file, assignment.line);
        for (const message of findUnknownCalls(assignment)) problems.push({ kind: 'bad-value', message, location });
        const found = adviseLine(assignment, location);
        if (found) advice.push(found);
        const later = findNewer(assignment, set.version, location);
        if (later) newer.push(later);
      }
    }
    return { problems, advice, newer };
  }
}

/** Lines whose value depends on the instance: what a template says of them counts for no real one. */
function linesOfInstance(files: readonly ReadFile[]): ReadonlySet<string> {
  return new Set(
    files.flatMap((file) =>
      file.parsed.assignments.flatMap(({ value, line }) =>
        /%[iIjJf]/.test(value) ? [placeKey(placeOfLine(file, line))] : [],
      ),
    ),
  );
}

function placeKey({ source, path = '', line = 0 }: Location): string {
  return `${source}:${path}:${line}`;
}

function gapOf(cause: Diagnostic, unit: LoadedUnit): Gap {
  return { cause, keys: unit.names };
}

/** What is pulled in and cannot be started, or may not, was meant to run. */
function useOf({ state, skippedBecause }: UnitStart): UnitUse {
  if ((state === 'never' || state === 'unknown') && skippedBecause !== undefined) return 'boot';
  return state === 'boot' || state === 'demand' ? state : 'no';
}
