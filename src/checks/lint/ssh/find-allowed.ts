/** Settings of the SSH server that allow what a rule does not want, for everybody or behind a Match. */
import type { SshdFact } from '../../../facts/ssh/sshd-fact.ts';
import { at } from '../../verdict.ts';
import type { LintFinding } from '../lint-rule.ts';

const mainFile = '/etc/ssh/sshd_config';

/** `unset` is what the server does where nothing is said, if that is not wanted either. Messages: `allowed`, `matched`, `unset`. */
export function* findAllowed(
  { state, location: file, settings, matched }: SshdFact,
  keyword: string,
  unwanted: readonly string[],
  unset?: string,
): Generator<LintFinding> {
  if (state === 'missing') return;
  const isUnwanted = (value: string): boolean => unwanted.includes(value.toLowerCase());
  const setting = settings[keyword];
  const subject = (path: string | undefined) => ({ kind: 'path', name: path ?? mainFile }) as const;
  if (!setting && unset !== undefined)
    yield { subject: subject(mainFile), message: 'unset', data: { value: unset }, evidence: [at(file)] };
  for (const one of setting && isUnwanted(setting.value) ? [setting] : []) {
    const { value, location } = one;
    yield {
      subject: subject(location.path),
      message: 'allowed',
      data: { value },
      found: value,
      evidence: [at(location)],
    };
  }
  for (const { keyword: name, value, condition, location } of matched) {
    if (name !== keyword || !isUnwanted(value)) continue;
    const data = { value, condition };
    yield { subject: subject(location.path), message: 'matched', data, found: value, evidence: [at(location)] };
  }
}
