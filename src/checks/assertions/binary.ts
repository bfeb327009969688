/**
 * `binary`: what file(1), readelf(1) and the Go build information say about a program, behind links and wrappers. A script
 * or an HTML page where a program should be (a failed download) is called by its name.
 */
import type { BinaryFact, ElfFact } from '../../facts/elf/binary-fact.ts';
import type { Judge, Verdict } from '../check.ts';
import { type Domain, domains } from '../matchers/domain.ts';
import { type Matcher, matcherProblem } from '../matchers/matcher.ts';
import { at, fail, inconclusive, joinVerdicts, pass } from '../verdict.ts';
import { judgeClaim } from './value.ts';

export interface BinaryOptions {
  readonly path: string;
  /** Bits: 32 or 64. */
  readonly class?: Matcher;
  readonly endianness?: Matcher;
  /** Debian's name: amd64, arm64. */
  readonly architecture?: Matcher;
  /** static or dynamic. */
  readonly linkage?: Matcher;
  readonly interpreter?: Matcher;
  /** The k3s version in it. */
  readonly version?: Matcher;
}

interface Property {
  readonly key: Exclude<keyof BinaryOptions, 'path'>;
  readonly words: string;
  readonly domain: Domain;
  readonly of: (elf: ElfFact, fact: BinaryFact) => string | undefined;
}

const properties: readonly Property[] = [
  { key: 'class', words: 'ELF class', domain: domains.number, of: (elf) => String(elf.class) },
  { key: 'endianness', words: 'endianness', domain: domains.text, of: (elf) => elf.endianness },
  { key: 'architecture', words: 'architecture', domain: domains.text, of: formatArchitecture },
  { key: 'linkage', words: 'linkage', domain: domains.text, of: (elf) => elf.linkage },
  { key: 'interpreter', words: 'interpreter', domain: domains.text, of: (elf) => elf.interpreter },
  { key: 'version', words: 'version', domain: domains.text, of: (_, fact) => fact.k3sVersion?.text },
];

const kindNames: Readonly<Record<NonNullable<BinaryFact['kind']>, string>> = {
  elf: 'an ELF file',
  script: 'a script',
  html: 'an HTML page (a download that failed?)',
  text: 'a text file',
  empty: 'an empty file',
  data: 'neither a program nor a script',
  'not-a-file': 'not a regular file',
};

export const binaryAssertion: Judge<BinaryOptions> = {
  id: 'binary',
  title: 'A program is an ELF file with a class, architecture, linkage, interpreter or version',
  needs: ['binary'],
  cannotFail: (options) => {
    for (const { key, domain } of properties) {
      const wanted = options[key];
      const problem = wanted === undefined ? undefined : matcherProblem(wanted, domain);
      if (problem !== undefined) return problem;
    }
    return undefined;
  },
  evaluate: (options, facts) => {
    const { path } = options;
    const fact = facts.get('binary', path);
    const evidence = [at(fact.location)];
    if (fact.state === 'unreadable')
      return inconclusive(`${path} could not be read: ${fact.reason ?? 'no reason given'}`, fact.location);
    if (fact.state === 'missing')
      return fail(`there is no ${path}`, { expected: 'an ELF file', found: 'missing', evidence });
    const { elf } = fact;
    if (!elf) {
      const found = kindNames[fact.kind ?? 'data'];
      return fail(`${path} is ${found}, an ELF file wanted`, { expected: kindNames.elf, found, evidence });
    }
    const parts = properties.flatMap(({ key, words, domain, of }): Verdict[] => {
      const wanted = options[key];
      if (wanted === undefined) return [];
      const where = key === 'version' && fact.k3sVersion ? [at(fact.k3sVersion.location)] : evidence;
      const found = of(elf, fact);
      const missing = `is not to be found in the file`;
      return [judgeClaim({ subject: `${words} of ${path}`, wanted, found, missing, domain, evidence: where })];
    });
    return joinVerdicts([pass(undefined, evidence), ...parts], 'must');
  },
};

/** A machine without a Debian name is shown by its number. */
function formatArchitecture(elf: ElfFact): string {
  return elf.architecture === 'unknown' ? `machine ${elf.machine}` : elf.architecture;
}
