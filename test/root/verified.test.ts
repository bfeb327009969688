import { describe, expect, it } from 'vitest';
import { ImageError } from '../../src/errors.ts';
import type { OpenedImage } from '../../src/root/open-image.ts';
import { type Decoding, openVerified, readVerified, verifyDecoded } from '../../src/root/verified.ts';

const damage = new ImageError('corrupt', 'zstd/bad-checksum', 'the end is damaged');
const isAbsent = new ImageError('input', 'root/no-root', 'no root');

/** An image whose decoder ends well or not, and what became of it. */
function prepare({ endsWell, opens = true }: { endsWell: boolean; opens?: boolean }) {
  const log: string[] = [];
  const open = async (decoding: Decoding): Promise<OpenedImage> => {
    log.push(`open ${decoding}`);
    const verify = (): void =>
      verifyDecoded([
        {
          verify() {
            if (!endsWell) throw damage;
          },
        },
      ]);
    if (decoding === 'before' && !endsWell) throw damage;
    if (!opens) {
      verify();
      throw isAbsent;
    }
    const image = { label: decoding, verify, close: () => log.push('close') };
    return image as unknown as OpenedImage;
  };
  return { log, open };
}

describe('an image that is read while it is decoded', () => {
  it('gives what was read of it once it has ended well', async () => {
    const { log, open } = prepare({ endsWell: true });
    expect(await readVerified(open, async ({ label }) => label)).toBe('beside');
    expect(log).toEqual(['open beside', 'close']);
    expect((await openVerified(open)).label).toBe('beside');
  });

  it('gives the error of its opening where it has not, whatever was read', async () => {
    const { log, open } = prepare({ endsWell: false });
    await expect(readVerified(open, async () => 'all is well')).rejects.toBe(damage);
    await expect(readVerified(open, () => Promise.reject(isAbsent))).rejects.toBe(damage);
    await expect(openVerified(open)).rejects.toBe(damage);
    expect(log).toEqual(Array.from({ length: 3 }, () => ['open beside', 'close', 'open before']).flat());
  });

  it('gives its own error where there is nothing to blame the decoder for', async () => {
    const { log, open } = prepare({ endsWell: true });
    await expect(readVerified(open, () => Promise.reject(isAbsent))).rejects.toBe(isAbsent);
    await expect(openVerified(prepare({ endsWell: true, opens: false }).open)).rejects.toBe(isAbsent);
    await expect(openVerified(prepare({ endsWell: false, opens: false }).open)).rejects.toBe(damage);
    expect(log).toEqual(['open beside', 'close']);
  });

  it('does not take a bug for damage', async () => {
    const bug = new TypeError('a bug');
    const open = async (): Promise<OpenedImage> => {
      const verify = (): void =>
        verifyDecoded([
          {
            verify() {
              throw bug;
            },
          },
        ]);
      return { verify, close() {} } as unknown as OpenedImage;
    };
    await expect(readVerified(open, async () => 1)).rejects.toBe(bug);
  });
});
