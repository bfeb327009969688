/** Expectations are of openssl passwd -5/-6 and of crypt(3) of glibc. */
import { describe, expect, it } from 'vitest';
import { isShaCryptOf } from '../../../src/facts/accounts/sha-crypt.ts';

const long = 'password-that-is-longer-than-the-hash-itself-is-long-012345678901234567890123456789';

describe('SHA-crypt', () => {
  it.each([
    ['root', '$5$saltstring$YFMF7yiQ9V9eCIH9D6jFVOaMhMNpjWG6qrbzxOBzQO8'],
    ['root', '$6$saltstring$DdMx7.nV1ZynhlO7EO4TTn5gJugAa.k4jN2nRFAlHDSsA1gGewAT55AkcPA8aHi39qiSEC/Jgxw6MZ0ls9OrM0'],
    ['toor', '$6$a$1VyTK3XeoCL6gmaxeTbmwhwajZgPAEf4FgcyQdqlg4LZj3VjDa46mbPisxlkCDMIE9jpbmnSeosFkC4k2L6HK0'],
    [long, '$5$abcdefghijklmnop$31heFLK0fByHo.FnI8gGLYNEvzoIQkvjfuu1DQjT276'],
    ['', '$5$x$yHbtfs4Y8t6X1xcJemNX.4JQRfUTafA2qQenWGLBee2'],
    [
      'Hello world!',
      '$6$rounds=10000$saltstringsaltst$OW1/O6BYHV6BcXZu8QVeXbDWra3Oeqh0sbHbbMCVNSnCM/UrjmM0Dp8vOuZeHBy/YTBmSK6H9qs/y3RnOaw5v.',
    ],
  ])('%s', (password, field) => {
    expect(isShaCryptOf(password, field)).toBe(true);
    expect(isShaCryptOf(`${password}!`, field)).toBe(false);
  });

  it.each(['', '!', '$1$salt$hash', '$y$j9T$salt$hash', '$6$rounds=999999999$salt$abc', '$6$salt$'])(
    'does not try %s',
    (field) => {
      expect(isShaCryptOf('root', field)).toBeUndefined();
    },
  );
});
