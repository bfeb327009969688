/** Runs the built command the way a user does, and reads its JSON report. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

const project = resolve(import.meta.dirname, '../..');

/** Where `npm run images` puts what it builds. */
export const images = process.env.CHECK_IMAGE_IMAGES ?? join(project, 'build/images');

/** The path of a built image; a missing one is a failure, never a skip. */
export function builtImage(name: string): string {
  const path = join(images, name);
  if (!existsSync(path)) throw new Error(`${path} is missing: run "npm run images" first (root, see README.md)`);
  return path;
}

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function checkImage(...args: readonly string[]): Ran {
  const ran = spawnSync(process.execPath, [join(project, 'dist/cli.cjs'), ...args], {
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  });
  return { code: ran.status, stdout: ran.stdout, stderr: ran.stderr };
}

export interface ReportedPlace {
  readonly source: string;
  readonly path?: string;
  readonly line?: number;
}

export interface ReportedCheck {
  readonly id: string;
  readonly status: 'pass' | 'fail' | 'unknown' | 'skip';
  readonly severity: string;
  readonly message?: string;
  readonly evidence?: readonly { readonly role: string; readonly location: ReportedPlace }[];
}

/** Judges one image by its contract alone: the exit code and the checks by id. */
export function judge(...args: readonly string[]): { code: number | null; checks: ReadonlyMap<string, ReportedCheck> } {
  const { code, stdout, stderr } = checkImage(...args, '--no-lint', '--format', 'json');
  if (stdout === '') throw new Error(`no report, exit ${code}: ${stderr}`);
  const report = JSON.parse(stdout) as { images: { results?: ReportedCheck[]; error?: { message: string } }[] };
  const [image] = report.images;
  if (!image?.results) throw new Error(`not judged, exit ${code}: ${image?.error?.message ?? stderr}`);
  return { code, checks: new Map(image.results.map((check) => [check.id, check])) };
}

/** `id status/severity` of every check, for comparing whole verdicts. */
export function verdictLines(checks: ReadonlyMap<string, ReportedCheck>): string[] {
  return [...checks.values()].map(
    ({ id, status, severity }) => `${id} ${status}${status === 'fail' ? `/${severity}` : ''}`,
  );
}
