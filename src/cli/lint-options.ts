/** `--lint[=PROFILE,...]`, `--no-lint` and `--deep`: how much is linted. */
import { hintFor } from '../checks/language/nearest-name.ts';
import { type LintProfile, lintProfiles } from '../checks/lint/lint-rule.ts';
import type { LintRequest } from '../checks/lint/select-rules.ts';
import { UsageError } from './usage-error.ts';

export interface LintOptions {
  /** Profiles by commas; false with --no-lint, absent if nothing was said. */
  readonly lint?: string | false;
  readonly deep?: boolean;
  /** `rule.option=value`. */
  readonly lintSet?: readonly string[];
}

/** Undefined where nothing is linted. The rules that cost little run unasked. Throws UsageError. */
export async function readLintRequest(options: LintOptions): Promise<LintRequest | undefined> {
  const { lint, deep = false, lintSet = [] } = options;
  if (lint === false) {
    if (deep) throw new UsageError('--deep is about lint, which --no-lint leaves out');
    return undefined;
  }
  const cost = deep ? 'content' : lint === undefined ? 'cheap' : 'walk';
  const profiles = readProfiles(lint ?? 'default');
  return { profiles, cost, settings: await readSettings(lintSet) };
}

/** The rules are loaded only where there are settings to be held against them. */
async function readSettings(pairs: readonly string[]): Promise<LintRequest['settings']> {
  if (pairs.length === 0) return new Map();
  const { lintRules } = await import('../checks/lint/registry.ts');
  const { readLintSettings } = await import('./lint-settings.ts');
  return readLintSettings(lintRules, pairs);
}

function readProfiles(text: string): readonly LintProfile[] {
  const names = text.split(',').filter((name) => name !== '');
  const unknown = names.find((name) => !isProfile(name));
  if (unknown !== undefined || names.length === 0)
    throw new UsageError(
      `--lint=${text}: there is no profile ${unknown ?? text}`,
      hintFor(unknown ?? '', [...lintProfiles]) ?? `profiles are ${lintProfiles.join(', ')}`,
    );
  return lintProfiles.filter((profile) => names.includes(profile));
}

const isProfile = (name: string): name is LintProfile => (lintProfiles as readonly string[]).includes(name);
