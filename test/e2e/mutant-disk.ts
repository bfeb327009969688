/** A copy of a built disk whose root file system debugfs changes, one defect at a time; each change is taken back exactly. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One edit of the root file system. */
export type Change =
  | { readonly write: string; readonly text: string; readonly mode?: number }
  | { readonly copy: string; readonly to: string }
  | { readonly replace: string; readonly from: string; readonly by: string }
  | { readonly remove: string }
  | { readonly link: string; readonly to: string }
  | { readonly chmod: string; readonly mode: number }
  | { readonly chown: string; readonly uid: number }
  | { readonly folder: string };

export class MutantDisk {
  readonly path: string;
  readonly #folder: string;
  readonly #device: string;
  readonly #offset: number;
  readonly #undo: string;

  /** `offset`: where the root file system starts in the disk, in bytes. */
  constructor(image: string, offset: number) {
    this.#folder = mkdtempSync(join(tmpdir(), 'check-image-mutant-'));
    this.path = join(this.#folder, 'mutant.wic');
    this.#offset = offset;
    this.#device = `${this.path}?offset=${offset}`;
    this.#undo = join(this.#folder, 'undo');
    const copied = spawnSync('cp', ['--sparse=always', image, this.path]);
    if (copied.status !== 0) copyFileSync(image, this.path);
  }

  /** Runs `look` while the disk has the changes. */
  with<T>(changes: readonly Change[], look: () => T): T {
    rmSync(this.#undo, { force: true });
    const commands = changes.flatMap((change, index) => this.#commands(change, index));
    this.#debugfs(['-w', '-z', this.#undo, '-f', this.#file('commands', `${commands.join('\n')}\n`), this.#device]);
    try {
      return look();
    } finally {
      if (existsSync(this.#undo)) this.#run('e2undo', ['-o', String(this.#offset), this.#undo, this.path]);
    }
  }

  /** Content of a file of the untouched disk. */
  read(path: string): string {
    return this.#debugfs(['-R', `cat ${path}`, this.#device]);
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #commands(change: Change, index: number): string[] {
    if ('write' in change) return this.#write(change.write, this.#file(`f${index}`, change.text), change.mode ?? 0o644);
    if ('copy' in change) {
      const copy = join(this.#folder, `f${index}`);
      this.#debugfs(['-R', `dump ${change.copy} ${copy}`, this.#device]);
      return this.#write(change.to, copy, 0o755);
    }
    if ('replace' in change) {
      const text = this.read(change.replace);
      if (!text.includes(change.from)) throw new Error(`${change.replace} has no ${JSON.stringify(change.from)}`);
      return this.#write(change.replace, this.#file(`f${index}`, text.replaceAll(change.from, change.by)), 0o644);
    }
    if ('remove' in change) return [`rm ${change.remove}`];
    if ('link' in change) return [`rm ${change.link}`, `symlink ${change.link} ${change.to}`];
    if ('chmod' in change) {
      const isFolder = this.#debugfs(['-R', `stat ${change.chmod}`, this.#device]).includes('Type: directory');
      return [`set_inode_field ${change.chmod} mode 0${((isFolder ? 0o040000 : 0o100000) | change.mode).toString(8)}`];
    }
    if ('chown' in change) return [`set_inode_field ${change.chown} uid ${change.uid}`];
    return [`mkdir ${change.folder}`];
  }

  #write(path: string, file: string, mode: number): string[] {
    const bits = (0o100000 | mode).toString(8);
    return [
      `rm ${path}`,
      `write ${file} ${path}`,
      `set_inode_field ${path} mode 0${bits}`,
      `set_inode_field ${path} uid 0`,
      `set_inode_field ${path} gid 0`,
    ];
  }

  #file(name: string, text: string): string {
    const path = join(this.#folder, name);
    writeFileSync(path, text);
    return path;
  }

  #debugfs(args: readonly string[]): string {
    return this.#run('debugfs', args);
  }

  #run(program: string, args: readonly string[]): string {
    const ran = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
    if (ran.status !== 0) throw new Error(`${program} ${args.join(' ')}: ${ran.stderr}`);
    return ran.stdout;
  }
}
