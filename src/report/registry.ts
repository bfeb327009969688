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
  junit: {
    title: 'JUnit XML, for the test pages of GitLab and Jenkins',
    load: async () => (await import('./junit-report.ts')).junitReporter,
  },
  sarif: {
    title: 'SARIF 2.1.0, for code scanning',
    load: async () => (await import('./sarif-report.ts')).sarifReporter,
  },
  gitlab: {
    title: 'GitLab code quality',
    load: async () => (await import('./gitlab-report.ts')).gitlabReporter,
  },
  github: {
    title: 'annotations of GitHub Actions',
    load: async () => (await import('./github-report.ts')).githubReporter,
  },
  markdown: {
    title: 'a summary for job pages and merge requests',
    load: async () => (await import('./markdown-report.ts')).markdownReporter,
  },
  html: {
    title: 'one page to read in a browser',
    load: async () => (await import('./html-report.ts')).htmlReporter,
  },
  tap: {
    title: 'TAP 14, for test harnesses',
    load: async () => (await import('./tap-report.ts')).tapReporter,
  },
  chain: {
    title: 'for people: every check in its order, and where the first one breaks',
    load: async () => (await import('./chain-report.ts')).chainReporter,
  },
};
