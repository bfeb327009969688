/** The HTML report of a real image in a real browser (headless Chromium): its policy lets its script run, and it can be seen. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtImage, checkImage } from './check-image.ts';

let folder: string;
const at = (name: string): string => join(folder, name);

function browse(...args: readonly string[]): { readonly stdout: string; readonly stderr: string } {
  const common = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--hide-scrollbars',
    `--user-data-dir=${at('profile')}`,
  ];
  const ran = spawnSync('chromium', [...common, ...args, `file://${at('report.html')}`], { encoding: 'utf8' });
  if (ran.status !== 0) throw new Error(`chromium ended with ${ran.status}: ${ran.stderr}`);
  return { stdout: ran.stdout, stderr: ran.stderr };
}

/** Width and height of a PNG, and its bytes. */
function screenshot(...args: readonly string[]): { readonly size: readonly number[]; readonly bytes: Buffer } {
  browse(...args, `--screenshot=${at('page.png')}`);
  const bytes = readFileSync(at('page.png'));
  return { size: [bytes.readUInt32BE(16), bytes.readUInt32BE(20)], bytes };
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'check-image-'));
  const image = builtImage('k3s-server.wic.zst');
  const { code, stderr } = checkImage(image, '--set', 'k3s=1.31', '--output', `html=${at('report.html')}`);
  expect([code, stderr]).toEqual([1, '']);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the HTML report in a browser', () => {
  it('runs its script and breaks no rule of its policy', () => {
    const { stdout, stderr } = browse('--dump-dom', '--enable-logging=stderr');
    expect(stderr).not.toMatch(/CONSOLE|Content Security Policy/);
    expect(stdout).toMatch(/<output class="dim" data-things="checks">[1-9]\d* of [1-9]\d* checks<\/output>/);
    expect(stdout).not.toMatch(/class="bar" role="search" hidden/);
    expect(stdout).toMatch(/<details class="pass" hidden="">/);
    expect(stdout).toMatch(/<details class="fail" open="">/);
  });

  it('looks different in the light, in the dark and on a narrow screen', () => {
    const light = screenshot('--window-size=1200,1500');
    const dark = screenshot('--window-size=1200,1500', '--blink-settings=preferredColorScheme=0');
    expect([light.size, dark.size]).toEqual([
      [1200, 1500],
      [1200, 1500],
    ]);
    // An empty page compresses to next to nothing.
    expect(Math.min(light.bytes.length, dark.bytes.length)).toBeGreaterThan(40_000);
    expect(light.bytes.equals(dark.bytes)).toBe(false);
    expect(screenshot('--window-size=500,900').bytes.length).toBeGreaterThan(20_000);
  });
});
