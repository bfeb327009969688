/** The work of `ls`. */
import type { ExitCode } from '../../checks/result.ts';
import { asImageError } from '../../errors.ts';
import { escapeText } from '../../report/escape.ts';
import { formatLs, type ListedFile } from '../../report/reader/format-ls.ts';
import type { Found, RootView } from '../../root/root-view.ts';
import { walkTree } from '../../root/walk-tree.ts';
import { type Target, withTargets } from '../open-target.ts';
import { Outcome } from '../outcome.ts';
import { type OwnerNames, readOwnerNames } from '../owner-names.ts';
import type { Terminal } from '../terminal.ts';
import { readTargetOptions } from './image-options.ts';
import type { ListOptions } from './ls.ts';

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

  constructor(options: ListOptions, terminal: Terminal, isOneOfMany: boolean) {
    this.outcome = new Outcome(terminal);
    this.#options = options;
    this.#terminal = terminal;
    this.#withHeaders = isOneOfMany || options.recursive;
  }

  list({ view, path, argument }: Target): void {
    const { directory, recursive } = this.#options;
    const names = readOwnerNames(view);
    try {
      // As ls does: a link named on the command line is followed where only names are shown.
      const found = view.find(path, directory || this.#isLong() ? 'parents' : 'all');
      if (!found) this.outcome.absent(`there is no ${argument}`);
      else if (directory || found.fileSystem.stat(found.node).type !== 'directory')
        this.#terminal.out(this.#format([this.#describe(path, found, names)]));
      else if (!recursive) this.#listDirectory(view, path, argument, names);
      else this.#listTree(view, path, names);
    } catch (thrown) {
      this.outcome.unreadable(argument, thrown);
    }
  }

  #listTree(view: RootView, path: string, names: OwnerNames): void {
    for (const entry of walkTree(view, path)) {
      if (entry.error) this.outcome.unreadable(entry.path, entry.error);
      else if (entry.type === 'directory') this.#listDirectory(view, entry.path, entry.path, names);
    }
  }

  #listDirectory(view: RootView, path: string, title: string, names: OwnerNames): void {
    const entries = (view.list(path) ?? []).filter(({ name }) => this.#options.all || !name.startsWith('.'));
    const files = this.#isLong() ? entries.flatMap(({ name }) => this.#read(view, path, name, names)) : [];
    const header = this.#withHeaders ? `${this.#isFirst ? '' : '\n'}${escapeText(title)}:\n` : '';
    this.#isFirst = false;
    const plain = this.#isLong() ? '' : entries.map(({ name }) => `${escapeText(name)}\n`).join('');
    this.#terminal.out(header + plain + this.#format(files));
  }

  #read(view: RootView, folder: string, name: string, names: OwnerNames): ListedFile[] {
    const path = `${folder.replace(/\/$/, '')}/${name}`;
    try {
      const found = view.find(path, 'parents');
      return found ? [this.#describe(name, found, names)] : [];
    } catch (thrown) {
      this.outcome.unreadable(path, asImageError(thrown));
      return [];
    }
  }

  #describe(name: string, { fileSystem, node, standing }: Found, names: OwnerNames): ListedFile {
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
      ...(this.#options.standing ? { standing } : {}),
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
