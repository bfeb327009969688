/** Every format of a diff. Adding one is a file, a line here, and a test; it is loaded when it is asked for. */
import type { DiffReporter } from './diff-reporter.ts';

export interface DiffReporterEntry {
  readonly title: string;
  readonly load: () => Promise<DiffReporter>;
}

export const diffReporters: Readonly<Record<string, DiffReporterEntry>> = {
  text: {
    title: 'for people: a table of counts, then the changes by concern',
    load: async () => (await import('./text-diff.ts')).textDiff,
  },
  json: {
    title: 'everything, schemas/diff-1.schema.json',
    load: async () => (await import('./json-diff.ts')).jsonDiff,
  },
  markdown: {
    title: 'a summary for merge requests',
    load: async () => (await import('./markdown-diff.ts')).markdownDiff,
  },
  html: {
    title: 'one page to read in a browser',
    load: async () => (await import('./html-diff.ts')).htmlDiff,
  },
};
