import { readdirSync, readlinkSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import { Spool } from '../../src/bytes/spool.ts';
import { defaultLimits } from '../../src/limits.ts';
import { seeded } from './codecs/fixtures.ts';

const MiB = 1024 * 1024;
const options = { limits: defaultLimits, label: 'disk.wic' };

/** Bytes on disk of the temporary files that this process has open, by their nameless descriptors. */
function openSpools(): number[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const target = readlinkSync(`/proc/self/fd/${fd}`);
      // With O_TMPFILE the name is the inode's number, else the one it had for a moment.
      return target.startsWith(`${tmpdir()}/`) && /\/(?:#\d+|check-image-[^/]*) \(deleted\)$/.test(target)
        ? [statSync(`/proc/self/fd/${fd}`).blocks * 512]
        : [];
    } catch {
      return []; // the descriptor of the listing itself is gone
    }
  });
}

const temporary = process.env.TMPDIR;
afterEach(() => {
  if (temporary === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = temporary;
});

describe('spool', () => {
  it('gives back what was written, in whatever pieces', () => {
    const random = seeded(3);
    const content = new Uint8Array(5 * MiB + 777);
    for (let at = 0; at < content.length; at += 1 + random(60_000)) content[at] = 1 + random(255);
    content.fill(0, 2 * MiB, 4 * MiB);
    for (const inMemory of [64 * MiB, 3 * MiB, 0]) {
      const spool = new Spool({ ...options, inMemory });
      const scratch = new Uint8Array(3 * MiB);
      for (let at = 0; at < content.length; ) {
        const part = content.subarray(at, at + 1 + random(random(2) ? 3 * MiB : 5000));
        scratch.set(part);
        spool.write(scratch.subarray(0, part.length));
        scratch.fill(0xee, 0, part.length);
        at += part.length;
      }
      const source = spool.finish();
      expect([source.size, source.label]).toEqual([content.length, 'disk.wic']);
      expect(Buffer.compare(source.read(0, source.size), content)).toBe(0);
      source.close();
    }
  });

  it('takes no disk space for zeroes and no name for its file', () => {
    const before = readdirSync(tmpdir()).filter((name) => name.startsWith(`check-image-${process.pid}-`));
    const spool = new Spool({ ...options, inMemory: 0 });
    const zeroes = new Uint8Array(MiB);
    for (let i = 0; i < 100; i++) spool.write(zeroes);
    spool.write(Uint8Array.of(1));
    for (let i = 0; i < 100; i++) spool.write(zeroes);
    const source = spool.finish();
    expect(source.size).toBe(200 * MiB + 1);
    expect(openSpools()).toEqual([expect.any(Number)]);
    expect(openSpools()[0]).toBeLessThanOrEqual(64 * 1024);
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith(`check-image-${process.pid}-`))).toEqual(before);
    expect(source.read(100 * MiB, 2)).toEqual(Buffer.from([1, 0]));
    source.close();
    expect(openSpools()).toEqual([]);
  });

  it('leaves nothing behind when it is discarded', () => {
    const spool = new Spool({ ...options, inMemory: 0 });
    spool.write(new Uint8Array(3 * MiB).fill(1));
    expect(openSpools().length).toBe(1);
    spool.discard();
    expect(openSpools()).toEqual([]);
  });

  it('names the limit that it would go over', () => {
    const spool = new Spool({ label: 'disk.wic', limits: { ...defaultLimits, spoolBytes: 10 } });
    spool.write(new Uint8Array(10));
    expect(() => spool.write(new Uint8Array(1))).toThrow(
      expect.objectContaining({
        kind: 'limit',
        code: 'limit/spoolBytes',
        remedy: expect.stringContaining('--limit spoolBytes='),
      }),
    );
    spool.discard();
  });

  it('says how to go on when there is no room for the file', () => {
    process.env.TMPDIR = '/nonexistent';
    const spool = new Spool({ ...options, inMemory: 0 });
    expect(() => spool.write(new Uint8Array(1))).toThrow(
      expect.objectContaining({
        kind: 'input',
        code: 'host/enoent',
        remedy: expect.stringContaining('TMPDIR'),
      }),
    );
    spool.discard();
  });
});
