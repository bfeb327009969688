/**
 * A lint rule: what is wrong with an image whatever its contract says. A rule is metadata, the sentences it may say, examples
 * that are executed as tests, and one pure function from facts to findings. One file each, named as its id.
 */
import type { FactId } from '../../facts/fact.ts';
import type { MemoryTree } from '../../filesystems/memory.ts';
import type { ImageFacts } from '../../root/image-facts.ts';
import type { Table } from '../../table.ts';
import type { Evidence, FactLookup, FindingSubject, Severity } from '../check.ts';

/** In the order of the reference. */
export const lintProfiles = ['default', 'hardening', 'reproducible'] as const;
export type LintProfile = (typeof lintProfiles)[number];

/**
 * What a rule costs, cheapest first: `cheap` reads a few files and runs with every verdict; `walk` needs every inode of the
 * image; `content` also what files hold.
 */
export const lintCosts = ['cheap', 'walk', 'content'] as const;
export type LintCost = (typeof lintCosts)[number];

/** Lint advises: what must hold is said by a contract, and what lint finds fails no gate that does not ask for it. */
export type LintSeverity = Exclude<Severity, 'must'>;

export interface LintFinding {
  /** What it is about: waivers are scoped by it. */
  readonly subject: FindingSubject;
  /** Key of the sentence in `messages`. */
  readonly message: string;
  /** What fills the sentence's `{name}`. */
  readonly data?: Readonly<Record<string, string | number>>;
  readonly expected?: string;
  readonly found?: string;
  /** The places, the one to look at first. */
  readonly evidence: readonly Evidence[];
  /** Where a case weighs differently from the rule. */
  readonly severity?: LintSeverity;
  /** Where a case has a better remedy than the rule. */
  readonly remedy?: string;
}

/** What an option may be: a number, a word, or a list. */
export type LintOptionValue = number | string | readonly string[];

export interface LintOption<V> {
  /** What it changes, for the reference. */
  readonly title: string;
  readonly default: V;
}

/** A tree, and exactly what the rule finds in it. */
export interface LintExample<O = object> {
  /** What it shows, one line. */
  readonly name: string;
  readonly tree: MemoryTree;
  /** Further file systems by mount point. */
  readonly mounts?: Table<MemoryTree>;
  /** What opening the image told, where the rule asks for it. */
  readonly image?: Partial<ImageFacts>;
  readonly options?: Partial<O>;
  /** What the run may cost, the cost of the rule unless given. */
  readonly cost?: LintCost;
  /** Name of the subject and the whole sentence of each finding, in order; none for an example of what is right. */
  readonly findings: readonly (readonly [subject: string, sentence: string])[];
}

interface RuleBase {
  /** Folder and file name: `links/dangling`. */
  readonly id: string;
  /** What holds where the rule finds nothing, one line. */
  readonly title: string;
  /** Headline of several findings: `{count} symbolic links lead nowhere`. */
  readonly many: string;
  readonly why: string;
  readonly fix: string;
  readonly references: readonly string[];
  readonly severity: LintSeverity;
  readonly profiles: readonly LintProfile[];
  readonly cost: LintCost;
  readonly needs: readonly FactId[];
  /** Every sentence by its key, with `{name}` for what differs. */
  readonly messages: Readonly<Record<string, string>>;
  /**
   * Each finding stands by itself: damage elsewhere takes none of them back, it only means that there may be more. Without it
   * damage in what the rule looked at leaves no finding, only "cannot tell".
   */
  readonly standsAlone?: true;
  /** Why the rule says nothing about this image, if so. */
  skip?(facts: FactLookup): string | undefined;
}

type NoOptions = Readonly<Record<string, never>>;

/** `O` are its options, all with a default. */
export interface LintRule<O extends object = NoOptions> extends RuleBase {
  readonly options?: { readonly [K in keyof O]: LintOption<O[K]> };
  /** Every message occurs in one. */
  readonly examples: readonly LintExample<O>[];
  /** `cost` is what the run may cost: some rules look at more where more is read anyway. */
  run(facts: FactLookup, options: O, cost: LintCost): Iterable<LintFinding>;
}

/** A rule among others: its options are checked when they are read. */
export interface AnyLintRule extends RuleBase {
  readonly options?: Readonly<Record<string, LintOption<unknown>>>;
  readonly examples: readonly LintExample[];
  run(facts: FactLookup, options: never, cost: LintCost): Iterable<LintFinding>;
}
