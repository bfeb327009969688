/** Ctrl-C: the process dies of it, and nothing of the run is left; what writes ends or is taken back first. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const project = resolve(import.meta.dirname, '../..');
let folder: string;
const at = (name: string): string => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'check-image-'));
  const built = spawnSync(process.execPath, [join(project, 'build.mjs'), at('dist')], { encoding: 'utf8' });
  if (built.status !== 0) throw new Error(built.stderr);
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Starts the program, sends it SIGINT when `isTime` says so, and tells how it ended. */
async function interrupt(argv: readonly string[], isTime: () => boolean) {
  mkdirSync(at('tmp'), { recursive: true });
  const program = spawn(process.execPath, [at('dist/cli.cjs'), ...argv], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, TMPDIR: at('tmp') },
  });
  let stderr = '';
  program.stderr.on('data', (text) => {
    stderr += text;
  });
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((settle) =>
    program.on('exit', (code, signal) => settle({ code, signal })),
  );
  while (!isTime() && program.exitCode === null) await setTimeout(2);
  program.kill('SIGINT');
  return { ...(await ended), stderr };
}

const startedAt = (milliseconds: number) => {
  const start = performance.now();
  return () => performance.now() - start > milliseconds;
};

describe('SIGINT', () => {
  it('while an image is expanded ends the process and leaves no temporary file', async () => {
    // Members of half a gigabyte of zeroes, as many as it takes for a signal to meet it wherever it is.
    const { stdout } = spawnSync('sh', ['-c', 'head -c 500000000 /dev/zero | gzip -1'], { maxBuffer: 1 << 26 });
    writeFileSync(at('disk.img.gz'), Buffer.concat(Array.from({ length: 40 }, () => stdout)));
    const { signal, stderr } = await interrupt([at('disk.img.gz')], startedAt(700));
    expect([signal, stderr]).toEqual(['SIGINT', '']);
    expect(readdirSync(at('tmp'))).toEqual([]);
  });

  it.each([
    ['a new folder', 'new', []],
    ['an empty one', 'empty', []],
    ['one that is written into', 'used', ['mine']],
  ])('during an extraction into %s takes back what is not whole', async (_, name, stays) => {
    const [image, into] = [at('image'), at(name)];
    mkdirSync(join(image, 'a/etc'), { recursive: true });
    for (const one of ['usr/bin', 'usr/lib/systemd/system', 'sbin', 'etc'])
      mkdirSync(join(image, one), { recursive: true });
    writeFileSync(join(image, 'etc/os-release'), 'ID=debian\n');
    writeFileSync(join(image, 'a/small'), 'whole');
    for (const one of ['b', 'c']) {
      writeFileSync(join(image, one), Buffer.alloc(300 * 1024 * 1024, one));
    }
    if (name !== 'new') mkdirSync(into);
    if (name === 'used') writeFileSync(join(into, 'mine'), 'mine');
    const options = name === 'used' ? ['--force'] : [];
    const { signal } = await interrupt(['extract', ...options, image, into], () => existsSync(join(into, 'b')));
    expect(signal).toBe('SIGINT');
    if (name === 'new') expect(existsSync(into)).toBe(false);
    else if (name === 'empty') expect(readdirSync(into)).toEqual([]);
    else {
      expect(readdirSync(into)).toEqual(expect.arrayContaining([...stays, 'a']));
      expect(readdirSync(into)).not.toContain('b');
      expect(readFileSync(join(into, 'a/small'), 'utf8')).toBe('whole');
    }
    rmSync(image, { recursive: true });
  });

  it('while reports are written leaves them whole, and no temporary file', async () => {
    const image = at('folder');
    for (const one of ['usr/bin', 'usr/lib/systemd/system', 'sbin', 'etc'])
      mkdirSync(join(image, one), { recursive: true });
    writeFileSync(join(image, 'etc/os-release'), 'ID=debian\n');
    mkdirSync(at('reports'));
    const outputs = ['json', 'html', 'sarif', 'junit'].flatMap((format) => [
      '--output',
      `${format}=${at(`reports/${format}`)}`,
    ]);
    await interrupt([image, '--no-lint', ...outputs], () => readdirSync(at('reports')).length > 0);
    expect(readdirSync(at('reports')).filter((name) => name.includes('.tmp'))).toEqual([]);
    expect(JSON.parse(readFileSync(at('reports/json'), 'utf8')).schema).toBe('check-image/report-1');
    expect(readFileSync(at('reports/html'), 'utf8')).toMatch(/<\/html>\n$/);
  });

  it('is 130 to a shell', () => {
    const shell = `"$0" "$1" "$2" & pid=$!; sleep 0.4; kill -INT $pid; wait $pid; echo $?`;
    const ran = spawnSync('bash', ['-mc', shell, process.execPath, at('dist/cli.cjs'), at('disk.img.gz')], {
      encoding: 'utf8',
    });
    expect(ran.stdout.trim().split('\n').at(-1)).toBe('130');
  });
});
