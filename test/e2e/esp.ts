/** The EFI system partition inside a disk, changed with mtools and put back file by file. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { EspChange } from './boot-mutants.ts';

export class Esp {
  readonly #drive: string;
  readonly #folder = mkdtempSync(join(tmpdir(), 'check-image-esp-'));

  /** `offset`: where the partition starts in the disk, as mtools writes it: `1M`. */
  constructor(disk: string, offset: string) {
    this.#drive = `${disk}@@${offset}`;
  }

  /** Runs `look` while the partition has the changes. */
  with<T>(changes: readonly EspChange[], look: () => T): T {
    const paths = new Set(changes.flatMap((change) => this.#paths(change)));
    const before = [...paths].map((path) => ({ path, copy: this.#read(path) }));
    try {
      for (const change of changes) this.#apply(change);
      return look();
    } finally {
      for (const { path, copy } of before) {
        if (copy === undefined) this.#run('mdel', [`::${path}`]);
        else this.#run('mcopy', ['-o', copy, `::${path}`]);
      }
    }
  }

  /** Makes folders that stay. */
  makeFolders(...paths: readonly string[]): void {
    for (const path of paths) spawnSync('mmd', ['-i', this.#drive, '-D', 's', `::${path}`]);
  }

  /** Copies a file to the host. */
  fetch(path: string, to: string): void {
    this.#run('mcopy', ['-o', `::${path}`, to]);
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #paths(change: EspChange): string[] {
    if ('remove' in change) return [change.remove];
    if ('write' in change) return [change.write];
    if ('copy' in change) return [change.to];
    if ('put' in change) return [change.put];
    return ['replace' in change ? change.replace : change.patch];
  }

  #apply(change: EspChange): void {
    if ('remove' in change) this.#run('mdel', [`::${change.remove}`]);
    else if ('write' in change) this.#write(change.write, Buffer.from(change.text));
    else if ('put' in change) this.#run('mcopy', ['-o', change.file, `::${change.put}`]);
    else if ('copy' in change) this.#write(change.to, this.#bytes(change.copy));
    else if ('replace' in change) {
      const text = this.#bytes(change.replace).toString();
      if (!text.includes(change.from)) throw new Error(`${change.replace} has no ${JSON.stringify(change.from)}`);
      this.#write(change.replace, Buffer.from(text.replaceAll(change.from, change.by)));
    } else {
      const bytes = this.#bytes(change.patch);
      bytes.set(change.bytes, change.at);
      this.#write(change.patch, bytes);
    }
  }

  #bytes(path: string): Buffer {
    const copy = this.#read(path);
    if (copy === undefined) throw new Error(`the partition has no ${path}`);
    return readFileSync(copy);
  }

  /** Copies a file out; undefined if there is none. */
  #read(path: string): string | undefined {
    const copy = join(this.#folder, `kept-${basename(path)}`);
    rmSync(copy, { force: true });
    spawnSync('mcopy', ['-i', this.#drive, `::${path}`, copy]);
    return existsSync(copy) ? copy : undefined;
  }

  #write(path: string, bytes: Buffer): void {
    const file = join(this.#folder, 'new');
    writeFileSync(file, bytes);
    this.#run('mcopy', ['-o', file, `::${path}`]);
  }

  #run(program: string, args: readonly string[]): void {
    const ran = spawnSync(program, ['-i', this.#drive, ...args], { encoding: 'utf8' });
    if (ran.status !== 0) throw new Error(`${program} ${args.join(' ')}: ${ran.stderr}`);
  }
}
