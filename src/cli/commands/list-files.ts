/** The work of `ls`. */
import type { ExitCode } from '../../checks/result.ts';
import { asImageError } from '../../errors.ts';
import { escapeText } from '../../report/escape.ts';
import { formatLs, type ListedFile } from '../../report/reader/format-ls.ts';
import type { Found, RootView } from '../../root/root-view.ts';
import { type WalkEntry, type WalkedDirectory, walkDirectories } from '../../root/walk-tree.ts';
import { type Target, withTargets } from '../open-target.ts';
import { Outcome } from '../outcome.ts';
import { type OwnerNames, readOwnerNames } from '../owner-names.ts';
import type { Terminal } from '../terminal.ts';
import { readTargetOptions } from './image-options.ts';
import type { ListOptions } from './ls.ts';

/** What is listed; `standing` where it was asked for. */
type Place = Pick<Found, 'fileSystem' | 'node'> & Partial<Pick<Found, 'standing'>>;

/** Characters that are gathered before they are written. */
const BATCH = 64 * 1024;

const aclAttributes = ['system.posix_acl_access', 'system.posix_acl_default'];

export async function listFiles(
  targets: readonly string[],
  options: ListOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const lister = new Lister(options, terminal, targets.length > 1);
  const damage = await withTargets(targets, readTargetOptions(options, true), async (target) => lister.list(target));
  lister.outcome.incomplete(damage);
  return lister.outcome.exitCode;
}

class Lister {
  readonly outcome: Outcome;
  readonly #options: ListOptions;
  readonly #terminal: Terminal;
  readonly #withHeaders: boolean;
  #isFirst = true;
  #gathered = '';

  constructor(options: ListOptions, terminal: Terminal, isOneOfMany: boolean) {
    this.outcome = new Outcome(terminal);
    this.#options = options;
    this.#terminal = terminal;
    this.#withHeaders = isOneOfMany || options.recursive;
  }

  list({ view, path, argument }: Target): void {
    const { directory } = this.#options;
    const names = readOwnerNames(view);
    try {
      // As ls does: a link named on the command line is followed where only names are shown.
      const found = view.find(path, directory || this.#isLong() ? 'parents' : 'all');
      if (!found) this.outcome.absent(`there is no ${argument}`);
      else if (directory || found.fileSystem.stat(found.node).type !== 'directory')
        this.#print(this.#format([this.#describe(path, found, names)]));
      else this.#listDirectories(view, path, argument, names);
    } catch (thrown) {
      this.outcome.unreadable(argument, thrown);
    }
    this.#flush();
  }

  #print(text: string): void {
    this.#gathered += text;
    if (this.#gathered.length >= BATCH) this.#flush();
  }

  #flush(): void {
    this.#terminal.out(this.#gathered);
    this.#gathered = '';
  }

  #listDirectories(view: RootView, path: string, argument: string, names: OwnerNames): void {
    const { recursive } = this.#options;
    for (const folder of walkDirectories(view, path)) {
      const title = recursive ? folder.path : argument;
      if (folder.error) this.outcome.unreadable(title, folder.error);
      else this.#listDirectory(view, folder, title, names);
      if (!recursive) return;
    }
  }

  #listDirectory(view: RootView, { children }: WalkedDirectory, title: string, names: OwnerNames): void {
    const entries = children
      .map((entry) => ({ entry, name: entry.path.slice(entry.path.lastIndexOf('/') + 1) }))
      .filter(({ name }) => this.#options.all || !name.startsWith('.'));
    const files = this.#isLong() ? entries.flatMap(({ entry, name }) => this.#read(view, entry, name, names)) : [];
    const header = this.#withHeaders ? `${this.#isFirst ? '' : '\n'}${escapeText(title)}:\n` : '';
    this.#isFirst = false;
    const plain = this.#isLong() ? '' : entries.map(({ name }) => `${escapeText(name)}\n`).join('');
    this.#print(header + plain + this.#format(files));
  }

  #read(view: RootView, entry: WalkEntry, name: string, names: OwnerNames): ListedFile[] {
    try {
      if (entry.error) throw entry.error;
      // How sure it is that the machine will have it depends on the whole path.
      const found = this.#options.standing ? view.find(entry.path, 'parents') : entry;
      return found ? [this.#describe(name, found, names)] : [];
    } catch (thrown) {
      this.outcome.unreadable(entry.path, asImageError(thrown));
      return [];
    }
  }

  #describe(name: string, { fileSystem, node, standing }: Place, names: OwnerNames): ListedFile {
    const { type, mode, links, uid, gid, size, device, mtime } = fileSystem.stat(node);
    const { numeric } = this.#options;
    const attributes = fileSystem.xattrs(node);
    return {
      name,
      type,
      mode,
      links,
      owner: (numeric ? undefined : names.user(uid)) ?? String(uid),
      group: (numeric ? undefined : names.group(gid)) ?? String(gid),
      size,
      ...(device ? { device } : {}),
      modified: mtime,
      ...(type === 'symlink' ? { target: fileSystem.readLink(node) } : {}),
      hasAcl:
        aclAttributes.some((attribute) => attributes.has(attribute)) || (fileSystem.hasUnreadList?.(node) ?? false),
      ...(this.#options.standing && standing ? { standing } : {}),
    };
  }

  #format(files: readonly ListedFile[]): string {
    return this.#isLong() ? formatLs(files) : files.map(({ name }) => `${escapeText(name)}\n`).join('');
  }

  #isLong(): boolean {
    const { long, numeric, standing } = this.#options;
    return long || numeric || standing;
  }
}
