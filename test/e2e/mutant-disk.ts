/** A copy of a built disk whose root file system debugfs changes, one defect at a time; each change is taken back exactly. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One edit of the root file system. */
export type Change =
  | { readonly write: string; readonly text: string; readonly mode?: number }
  | { readonly copy: string; readonly to: string }
  | { readonly replace: string; readonly from: string; readonly by: string }
  /** Bytes written over the file at an offset, or over every occurrence of a text of the same length. */
  | { readonly patch: string; readonly at: number; readonly bytes: readonly number[] }
  | { readonly patch: string; readonly from: string; readonly by: string }
  /** A file on the host, beside the disk. */
  | { readonly beside: string; readonly text: string }
  | { readonly remove: string }
  | { readonly link: string; readonly to: string }
  | { readonly chmod: string; readonly mode: number }
  | { readonly chown: string; readonly uid: number }
  | { readonly chgrp: string; readonly gid: number }
  | { readonly xattr: string; readonly name: string; readonly value: string }
  | { readonly folder: string }
  /** A field of the superblock, by debugfs' name, and how `stats` calls it. */
  | { readonly superblock: string; readonly called: string; readonly value: number };

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
    // The undo file does not cover the superblock.
    const kept = changes.flatMap((change) => ('superblock' in change ? [this.#keep(change)] : []));
    const commands = changes.flatMap((change, index) => this.#commands(change, index));
    if (commands.length > 0)
      this.#debugfs(['-w', '-z', this.#undo, '-f', this.#file('commands', `${commands.join('\n')}\n`), this.#device]);
    try {
      return look();
    } finally {
      for (const change of changes) if ('beside' in change) rmSync(join(this.#folder, change.beside));
      if (existsSync(this.#undo)) this.#run('e2undo', ['-o', String(this.#offset), this.#undo, this.path]);
      for (const command of kept) this.#debugfs(['-w', '-R', command, this.#device]);
    }
  }

  /** Content of a file of the untouched disk. */
  read(path: string): string {
    return this.#debugfs(['-R', `cat ${path}`, this.#device]);
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** The command that brings a field of the superblock back. */
  #keep({ superblock, called }: Extract<Change, { readonly superblock: string }>): string {
    const value = new RegExp(`^${called}: +(\\d+)$`, 'm').exec(this.#debugfs(['-R', 'stats -h', this.#device]))?.[1];
    if (value === undefined) throw new Error(`stats has no ${called}`);
    return `set_super_value ${superblock} ${value}`;
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
    if ('patch' in change) return this.#write(change.patch, this.#patched(change, `f${index}`), 0o755);
    if ('beside' in change) {
      this.#file(change.beside, change.text);
      return [];
    }
    if ('remove' in change) return [`rm ${change.remove}`];
    if ('link' in change) return [`rm ${change.link}`, `symlink ${change.link} ${change.to}`];
    if ('chmod' in change) {
      const isFolder = this.#debugfs(['-R', `stat ${change.chmod}`, this.#device]).includes('Type: directory');
      return [`set_inode_field ${change.chmod} mode 0${((isFolder ? 0o040000 : 0o100000) | change.mode).toString(8)}`];
    }
    if ('superblock' in change) return [`set_super_value ${change.superblock} ${change.value}`];
    if ('chown' in change) return [`set_inode_field ${change.chown} uid ${change.uid}`];
    if ('chgrp' in change) return [`set_inode_field ${change.chgrp} gid ${change.gid}`];
    if ('xattr' in change) return [`ea_set ${change.xattr} ${change.name} ${change.value}`];
    return [`mkdir ${change.folder}`];
  }

  #patched(change: Extract<Change, { readonly patch: string }>, name: string): string {
    const file = join(this.#folder, name);
    this.#debugfs(['-R', `dump ${change.patch} ${file}`, this.#device]);
    const bytes = readFileSync(file);
    if ('at' in change) bytes.set(change.bytes, change.at);
    else {
      let found = 0;
      for (let at = bytes.indexOf(change.from); at >= 0; at = bytes.indexOf(change.from, at + 1)) {
        bytes.write(change.by, at, 'latin1');
        found++;
      }
      if (found === 0) throw new Error(`${change.patch} has no ${change.from}`);
    }
    writeFileSync(file, bytes);
    return file;
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
