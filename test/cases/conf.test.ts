/**
 * The recorded answers of systemd 252 about configuration files: sysctl, environment files, environment.d, modules-load,
 * tmpfiles, sysusers and the order of drop-ins. Every case of these kinds must pass.
 */
import { describe, expect, test } from 'vitest';
import { answerConfCase, confKinds } from './conf-answers.ts';
import { casesOfKind } from './load-cases.ts';

describe.each(confKinds)('%s', (kind) => {
  const cases = casesOfKind(kind);

  test('has cases', () => expect(cases.length).toBeGreaterThan(0));

  test.each(cases.map((each) => [each.id, each] as const))('%s', (_id, each) => {
    expect(answerConfCase(each)).toEqual(each.expected);
  });
});
