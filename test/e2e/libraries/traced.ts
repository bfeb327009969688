/** What the dynamic linker of the built tree itself loads for each of its objects: `ld.so --list`, inside a container of it. */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ET_EXEC = 2;
const ET_DYN = 3;

/** View paths of every ELF program and library of that machine in a tree. */
export function listObjects(tree: string, machine: number): string[] {
  const header = Buffer.alloc(20);
  return readdirSync(tree, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => {
      const file = openSync(path, 'r');
      const length = readSync(file, header, 0, 20, 0);
      closeSync(file);
      const isObject = length === 20 && header.readUInt32BE(0) === 0x7f454c46 && header.readUInt16LE(18) === machine;
      return isObject && [ET_EXEC, ET_DYN].includes(header.readUInt16LE(16));
    })
    .map((path) => path.slice(tree.length))
    .sort();
}

export interface Traced {
  /** Library names and the paths they were loaded from; undefined: not found. */
  readonly libraries: ReadonlyMap<string, string | undefined>;
  /** `version 'X' not found` lines. */
  readonly errors: readonly string[];
}

const script = `while read -r path; do
  echo "=== $path"
  LC_ALL=C /lib64/ld-linux-x86-64.so.2 --list "$path" 2>&1 < /dev/null
done < /trace/objects > /trace/answers
`;

/** Runs the tree's own linker on every object. Needs root and systemd-nspawn; the tree is not changed. */
export function traceObjects(tree: string, objects: readonly string[]): ReadonlyMap<string, Traced> {
  const folder = mkdtempSync(join(tmpdir(), 'check-image-trace-'));
  try {
    writeFileSync(join(folder, 'objects'), `${objects.join('\n')}\n`);
    writeFileSync(join(folder, 'trace.sh'), script);
    const ran = spawnSync(
      'systemd-nspawn',
      ['-q', '-D', tree, '--volatile=overlay', '--register=no', '--keep-unit', '--private-network'].concat([
        `--bind=${folder}:/trace`,
        '--',
        '/bin/sh',
        '/trace/trace.sh',
      ]),
      { encoding: 'utf8', timeout: 110_000 },
    );
    if (ran.status !== 0) throw new Error(`systemd-nspawn: ${ran.stderr}`);
    return parseAnswers(readFileSync(join(folder, 'answers'), 'utf8'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function parseAnswers(text: string): ReadonlyMap<string, Traced> {
  const blocks = text.split(/^=== /m).slice(1);
  return new Map(
    blocks.map((block) => {
      const [path = '', ...lines] = block.split('\n');
      const libraries = new Map<string, string | undefined>();
      const errors: string[] = [];
      for (const line of lines) {
        const [, name, file] = /^\t(\S+) => (\/\S+|not found)/.exec(line) ?? [];
        if (name !== undefined) libraries.set(name, file === 'not found' ? undefined : file);
        const [, missing] = /error while loading shared libraries: (\S+): cannot open/.exec(line) ?? [];
        if (missing !== undefined) libraries.set(missing, undefined);
        else if (name === undefined && line !== '' && !/^\t(?:\S+ \(0x|statically linked)/.test(line))
          errors.push(line);
      }
      return [path, { libraries, errors }] as const;
    }),
  );
}
