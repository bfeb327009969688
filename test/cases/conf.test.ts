/**
 * The recorded answers of systemd 252 about configuration files: sysctl, environment files, environment.d, modules-load,
 * tmpfiles, sysusers and the order of drop-ins. Every case of these kinds must pass.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { answerConfCase, type ConfCase, confKinds } from './conf-answers.ts';

const { cases } = JSON.parse(readFileSync(new URL('systemd.json', import.meta.url), 'utf8')) as { cases: ConfCase[] };

describe.each(confKinds)('%s', (kind) => {
  const ofKind = cases.filter(({ question }) => question.kind === kind);

  test('has cases', () => expect(ofKind.length).toBeGreaterThan(0));

  test.each(ofKind.map((each) => [each.id, each] as const))('%s', (_id, each) => {
    expect(answerConfCase(each)).toEqual(each.expected);
  });
});
