/** A token the public knows protects nothing: a finding in production, a note on a test node. */
import { compilePattern } from '../../matchers/pattern.ts';
import { at, fail, inconclusive, pass, skip } from '../../verdict.ts';
import type { Rule } from '../rule.ts';
import { readTokenTexts } from './token-sources.ts';

interface Options {
  readonly file?: string;
  readonly environment: string;
  /** Patterns of tokens that are known. */
  readonly known: readonly string[];
}

export const tokenKnown: Rule<Options> = {
  id: 'token-known',
  title: 'The token is not one that is published in examples and tests',
  needs: ['k3s', 'text'],
  options: { 'file?': 'text', environment: 'text', known: 'list' },
  evaluate: ({ file, environment, known }, facts) => {
    const { texts, unread } = readTokenTexts(file, facts);
    for (const { text, location } of texts) {
      const tests = known.map((source) => compilePattern(source).test(secretOf(text)));
      if (tests.includes(true)) {
        const message = 'the token is a well-known test token';
        if (environment === 'test') return pass(`${message}, which is fine on a test node`, [at(location)]);
        return fail(message, { expected: 'a secret of its own', found: 'well known', evidence: [at(location)] });
      }
      if (tests.includes(undefined)) return inconclusive('the token is too long to compare', location);
    }
    const [lost] = unread;
    if (lost?.state === 'unreadable') return inconclusive(`${lost.path} could not be read`, lost.location);
    return texts.length > 0 ? pass() : skip('no token is in the image');
  },
};

/** The secret part of a full token, `K10<hash>::<user>:<secret>`. */
function secretOf(text: string): string {
  const parts = /^K10[0-9a-f]{64}::(?:[a-z-]+:)?(.*)$/.exec(text);
  return parts?.[1] ?? text;
}
