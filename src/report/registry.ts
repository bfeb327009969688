/** Every report format. Adding one is a file, a line here, and a test; it is loaded when it is asked for. */
import type { Reporter } from './reporter.ts';

export interface ReporterEntry {
  readonly title: string;
  readonly load: () => Promise<Reporter>;
}

export const reporters: Readonly<Record<string, ReporterEntry>> = {
  text: {
    title: 'for people: failures first, with the place and the fix',
    load: async () => (await import('./text-report.ts')).textReporter,
  },
  json: {
    title: 'everything, schemas/report-1.schema.json',
    load: async () => (await import('./json-report.ts')).jsonReporter,
  },
  chain: {
    title: 'for people: every check in its order, and where the first one breaks',
    load: async () => (await import('./chain-report.ts')).chainReporter,
  },
};
