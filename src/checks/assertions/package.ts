/**
 * `package`: a package is installed completely, in a version. The package database of the image answers; where it has none,
 * a package list beside the image does. A list never contradicts the database here: that is a rule of its own.
 */
import type { InstalledPackage, PackagesFact } from '../../facts/packages/packages-fact.ts';
import type { Judge, Verdict } from '../check.ts';
import { domains } from '../matchers/domain.ts';
import { type Matcher, matcherProblem } from '../matchers/matcher.ts';
import { at, fail, inconclusive, pass } from '../verdict.ts';
import { judgeClaim } from './value.ts';

export interface PackageOptions {
  /** One of them must be installed; with `absent`, none. */
  readonly name: string | readonly string[];
  readonly version?: Matcher;
  readonly absent?: true;
}

export const packageAssertion: Judge<PackageOptions> = {
  id: 'package',
  title: 'A package is installed completely, in a version',
  needs: ['packages'],
  cannotFail: ({ version, absent }) => {
    if (absent && version !== undefined) return 'a package that must be absent has no version';
    return version === undefined ? undefined : matcherProblem(version);
  },
  evaluate: (options, facts) => {
    const names = typeof options.name === 'string' ? [options.name] : options.name;
    const fact = facts.get('packages', '', names);
    if (fact.database === 'none') return judgeLists(names, options, fact);
    const records = fact.packages.filter(({ name }) => names.includes(name));
    const installed = records.filter(isInstalled);
    if (options.absent) return judgeAbsence(installed);
    const [found] = installed;
    if (!found) return missing(names, records, fact);
    const evidence = [at(found.location)];
    if (options.version === undefined) return pass(undefined, evidence);
    const claim = { subject: `version of ${found.name}`, wanted: options.version, found: found.version, evidence };
    return judgeClaim({ ...claim, domain: domains.text, scheme: 'debian' });
  },
};

/** Whether the files of a package are in place: unpacked or half-configured is not enough. */
export function isInstalled({ status }: InstalledPackage): boolean {
  return status === 'installed' || /^\S+ ok installed$/.test(status);
}

function judgeAbsence(installed: readonly InstalledPackage[]): Verdict {
  if (installed.length === 0) return pass();
  return fail(`${installed.map(({ name, version }) => `${name} ${version}`).join(', ')} is installed`, {
    expected: 'absent',
    found: 'installed',
    evidence: installed.map(({ location }) => at(location)),
  });
}

function missing(names: readonly string[], records: readonly InstalledPackage[], fact: PackagesFact): Verdict {
  const [half] = records;
  if (half) {
    return fail(`${half.name} is not installed: its status is ${half.status}`, {
      expected: 'installed',
      found: half.status,
      evidence: [at(half.location)],
    });
  }
  return fail(`${names.join(' or ')} is not installed`, {
    expected: 'installed',
    found: 'missing',
    evidence: fact.databaseLocation ? [at(fact.databaseLocation, 'not in')] : [],
  });
}

/** Without a database a list beside the image is the next best witness. */
function judgeLists(names: readonly string[], options: PackageOptions, { beside }: PackagesFact): Verdict {
  const [list] = beside;
  if (!list) return inconclusive('the image has no package database and no package list beside it');
  const found = list.packages.find(({ name }) => names.includes(name));
  const evidence = [at({ source: list.name, ...(found ? { line: found.line } : {}) })];
  const note = `the image has no package database: ${list.name} beside it answers`;
  if (options.absent) return found ? fail(`${list.name} lists ${found.name}`, { evidence }) : pass(note, evidence);
  if (!found) return fail(`${names.join(' or ')} is not in ${list.name}`, { expected: 'installed', evidence });
  if (options.version === undefined) return pass(note, evidence);
  const claim = { subject: `version of ${found.name}`, wanted: options.version, found: found.version, evidence };
  return judgeClaim({ ...claim, domain: domains.text, scheme: 'debian' });
}
