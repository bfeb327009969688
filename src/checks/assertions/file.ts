/**
 * `file`: what stat(2) says about a path, links followed. Several paths: one of them must be there, or, with `absent`,
 * none of them. Owner is numeric (`0:0`), for names in an image prove nothing.
 */
import type { FileFact, FileStat } from '../../facts/files/file-fact.ts';
import type { FactLookup, Judge, Verdict } from '../check.ts';
import { type Domain, domains } from '../matchers/domain.ts';
import { type Matcher, matcherProblem } from '../matchers/matcher.ts';
import { formatMode } from '../matchers/mode.ts';
import { at, fail, inconclusive, joinVerdicts, pass, skip } from '../verdict.ts';
import { judgeClaim } from './value.ts';

export interface FileOptions {
  readonly path: string | readonly string[];
  readonly absent?: boolean;
  /** Judge it only if it is there. */
  readonly optional?: boolean;
  readonly type?: FileStat['type'];
  readonly mode?: Matcher;
  readonly owner?: Matcher;
  readonly size?: Matcher;
  readonly capabilities?: Matcher;
}

interface Property {
  readonly key: 'mode' | 'owner' | 'size' | 'capabilities';
  readonly words: string;
  readonly domain: Domain;
  readonly of: (stat: FileStat) => string | undefined;
}

const properties: readonly Property[] = [
  { key: 'mode', words: 'mode', domain: domains.mode, of: (stat) => formatMode(stat.mode) },
  { key: 'owner', words: 'owner', domain: domains.owner, of: (stat) => `${stat.uid}:${stat.gid}` },
  { key: 'size', words: 'size', domain: domains.size, of: (stat) => String(stat.size) },
  { key: 'capabilities', words: 'capabilities', domain: domains.text, of: (stat) => stat.capabilities },
];

const typeNames: Readonly<Record<FileStat['type'], string>> = {
  file: 'a regular file',
  directory: 'a directory',
  symlink: 'a symbolic link',
  character: 'a character device',
  block: 'a block device',
  fifo: 'a named pipe',
  socket: 'a socket',
};

export const fileAssertion: Judge<FileOptions> = {
  id: 'file',
  title: 'A path exists or does not, and has a type, mode, owner, size or capabilities',
  needs: ['file'],
  cannotFail: (options) => {
    const claims = properties.filter(({ key }) => options[key] !== undefined);
    for (const { key, domain } of claims) {
      const problem = matcherProblem(options[key] as Matcher, domain);
      if (problem !== undefined) return problem;
    }
    if (options.absent && (options.optional || options.type || claims.length > 0))
      return 'a file that must be absent has no properties';
    if (options.optional && claims.length === 0 && options.type === undefined)
      return 'an optional file of which nothing is said';
    return undefined;
  },
  evaluate: (options, facts) => {
    const paths = typeof options.path === 'string' ? [options.path] : options.path;
    const seen = paths.map((path) => facts.get('file', path));
    if (options.absent) return judgeAbsence(seen);
    const found = seen.find(({ state }) => state === 'present');
    if (found?.stat) return judgeFile(found, found.stat, options);
    const unreadable = unreadableVerdict(seen);
    if (unreadable) return unreadable;
    if (options.optional) return skip(`there is no ${paths.join(' or ')}`);
    return missingVerdict(seen);
  },
};

/** The stat of a path, or the verdict if there is none: shared by assertions that look further than stat. */
export function findFile(path: string, facts: FactLookup): { readonly fact: FileFact } | { readonly verdict: Verdict } {
  const fact = facts.get('file', path);
  if (fact.state === 'present') return { fact };
  return { verdict: unreadableVerdict([fact]) ?? missingVerdict([fact]) };
}

function unreadableVerdict(seen: readonly FileFact[]): Verdict | undefined {
  const fact = seen.find(({ state }) => state === 'unreadable');
  return fact && inconclusive(`${fact.path} could not be read: ${fact.reason ?? 'no reason given'}`, fact.location);
}

function missingVerdict(seen: readonly FileFact[]): Verdict {
  const paths = seen.map(({ path }) => path).join(', ');
  const broken = seen.find(({ reason, link }) => link !== undefined || reason === 'dangling' || reason === 'loop');
  const evidence = seen.map(({ location }) => at(location, 'missing'));
  if (broken) {
    const why = broken.reason === 'loop' ? 'its links never end' : `it leads to ${broken.resolved}, which is not there`;
    const links = broken.link ? [at(broken.link.location, 'links to', broken.link.target)] : [];
    const details = { expected: 'present', found: 'broken link', evidence: [...links, ...evidence] };
    return fail(`${broken.path} is a broken link: ${why}`, details);
  }
  const message = seen.length > 1 ? `none of ${paths} is there` : `there is no ${paths}`;
  return fail(message, { expected: 'present', found: 'missing', evidence });
}

function judgeAbsence(seen: readonly FileFact[]): Verdict {
  const there = seen.filter(({ state, link }) => state === 'present' || link !== undefined);
  if (there.length === 0) return unreadableVerdict(seen) ?? pass();
  return fail(`${there.map(({ path }) => path).join(', ')} ${there.length > 1 ? 'are' : 'is'} there`, {
    expected: 'absent',
    found: 'present',
    evidence: there.map(({ location }) => at(location)),
  });
}

function judgeFile(fact: FileFact, stat: FileStat, options: FileOptions): Verdict {
  const { path, standing } = fact;
  const evidence = [at(stat.location)];
  const judged = options.type === 'symlink' ? (fact.link ?? stat) : stat;
  if (options.type !== undefined && judged.type !== options.type) {
    const wanted = typeNames[options.type];
    const found = typeNames[judged.type];
    return fail(`${path} is ${found}, ${wanted} wanted`, { expected: wanted, found, evidence });
  }
  const note = standing === 'declared' ? `${path} is made at boot` : undefined;
  const parts = properties.flatMap(({ key, words, domain, of }) => {
    const wanted = options[key];
    if (wanted === undefined) return [];
    return judgeClaim({ subject: `${words} of ${path}`, wanted, found: of(judged), domain, evidence });
  });
  return joinVerdicts([pass(note, evidence), ...parts], 'must');
}
