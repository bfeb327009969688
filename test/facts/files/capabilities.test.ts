import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ImageError } from '../../../src/errors.ts';
import { formatCapabilities, parseCapabilities } from '../../../src/facts/files/capabilities.ts';

/** Values as setcap wrote them, and the text of getcap: see the maker script beside them. */
const recorded: [string, string][] = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../fixtures/capabilities/capabilities.json'), 'utf8'),
);
const bytes = (hex: string): Uint8Array => Buffer.from(hex, 'hex');

describe('file capabilities', () => {
  it.each(recorded)('%s is %s', (hex, text) => {
    expect(formatCapabilities(parseCapabilities(bytes(hex)))).toBe(text);
  });

  it('of revision 1 have 32 bits', () => {
    expect(formatCapabilities(parseCapabilities(bytes('010000010020000000000000')))).toBe('cap_net_raw=ep');
  });

  it('that no name is known for are shown by number', () => {
    const text = formatCapabilities({
      permitted: (1n << 50n) | (1n << 13n),
      inheritable: 0n,
      effective: true,
      rootId: 0,
    });
    expect(text).toBe('cap_net_raw=ep 50+ep');
  });

  it.each(['', '0100', '01000002', '0100000200200000000000000000000000', '0100000900200000000000000000000000000000'])(
    'of the bytes "%s" are refused',
    (hex) => {
      expect(() => parseCapabilities(bytes(hex))).toThrow(ImageError);
    },
  );
});
