/** How much the files of the image take, against a budget that somebody set. */
import type { TreeEntry } from '../../../facts/tree/tree-fact.ts';
import { at } from '../../verdict.ts';
import type { LintRule } from '../lint-rule.ts';

interface Options {
  /** Bytes; 0 is no budget. */
  readonly bytes: number;
  readonly files: number;
}

const MiB = 1024 * 1024;
const shown = 3;

export const sizeBudget: LintRule<Options> = {
  id: 'image/size-budget',
  title: 'the files of the image stay within its budget',
  many: '{count} budgets of the image are exceeded',
  why: 'An image that has outgrown its slot cannot be written by an update, which shows only in the field.',
  fix: 'Look at the largest files; leave documentation and caches out of the image, or agree on a larger budget.',
  references: [],
  severity: 'should',
  profiles: ['default'],
  cost: 'walk',
  needs: ['tree'],
  options: {
    bytes: { title: 'bytes all files may take, 0 for any', default: 0 },
    files: { title: 'how many files, directories and links there may be, 0 for any', default: 0 },
  },
  messages: {
    bytes: 'the files take {found} MiB, {wanted} MiB are allowed',
    files: 'there are {found} files, directories and links, {wanted} are allowed',
  },
  examples: [
    {
      name: 'over both budgets',
      tree: { '/a': { bytes: new Uint8Array(3 * MiB) }, '/b': 'x' },
      options: { bytes: 2 * MiB, files: 2 },
      findings: [
        ['image', 'the files take 3 MiB, 2 MiB are allowed'],
        ['image', 'there are 3 files, directories and links, 2 are allowed'],
      ],
    },
    { name: 'within', tree: { '/a': 'x' }, options: { bytes: MiB, files: 10 }, findings: [] },
  ],
  *run(facts, { bytes, files }) {
    const { entries } = facts.get('tree');
    const contents = withoutRepeats(entries.filter(({ type }) => type === 'file'));
    const total = contents.reduce((sum, { size }) => sum + size, 0);
    const subject = { kind: 'image', name: 'image' } as const;
    if (bytes > 0 && total > bytes) {
      const largest = [...contents].sort((a, b) => b.size - a.size).slice(0, shown);
      const evidence = largest.map(({ location, size }) => at(location, 'large', formatMiB(size)));
      yield { subject, message: 'bytes', data: { found: inMiB(total), wanted: inMiB(bytes) }, evidence };
    }
    const [root] = entries;
    if (files > 0 && entries.length > files && root)
      yield {
        subject,
        message: 'files',
        data: { found: entries.length, wanted: files },
        evidence: [at(root.location)],
      };
  },
};

/** A file with several names takes its place once. */
function withoutRepeats(entries: readonly TreeEntry[]): readonly TreeEntry[] {
  return [...new Map(entries.map((entry) => [entry.identity ?? entry.path, entry])).values()];
}

const inMiB = (bytes: number): number => Math.round(bytes / MiB);
const formatMiB = (bytes: number): string => `${inMiB(bytes)} MiB`;
