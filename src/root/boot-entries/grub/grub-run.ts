/**
 * Runs a grub.cfg as far as it decides what boots: variables, `if`, functions, grubenv, `search`, `configfile`, and what
 * menu entries say. Commands with no effect on that succeed silently, unknown ones fail as they would in GRUB. The image
 * cannot make it run long: commands, calls and the text made of variables have budgets.
 */
import { ImageError } from '../../../errors.ts';
import type { BootLine, EnvironmentFile } from '../boot-entry.ts';
import type { GrubDisk, GrubPath } from './grub-disk.ts';
import { parseGrub, type Statement } from './grub-script.ts';
import { isTrueTest } from './grub-test.ts';
import type { Word, WordPart } from './grub-tokens.ts';

const MAX_COMMANDS = 20_000;
const MAX_CALLS = 32;
const MAX_TEXT = 16 * 1024 * 1024;
const ENVIRONMENT_MARK = '# GRUB Environment Block\n';

export interface MenuItem {
  /** What `default` may call it: position, title, `--id`. */
  readonly names: readonly string[];
  readonly title: BootLine;
  /** Of a submenu. */
  readonly items?: readonly MenuItem[];
  readonly body: readonly Statement[];
  readonly file: GrubPath;
}

/** What running a menu entry's body asks for. */
export interface LoadRequest {
  readonly linux: BootLine;
  readonly source: string;
  readonly options: string;
  readonly initrd: readonly BootLine[];
  readonly deviceTree?: BootLine;
}

const harmless = new Set([
  ...['true', 'insmod', 'rmmod', 'echo', 'export', 'terminal', 'terminal_input', 'terminal_output', 'serial', 'clear'],
  ...['loadfont', 'gfxmode', 'background_image', 'play', 'sleep', 'recordfail', 'savedefault', 'save_env', 'normal'],
]);
const linuxCommands = new Set(['linux', 'linux16', 'linuxefi', 'chainloader']);
const initrdCommands = new Set(['initrd', 'initrd16', 'initrdefi']);

export class GrubRun {
  readonly items: MenuItem[] = [];
  /** Blocks of variables asked for, the ones that are not there as well. */
  readonly environments: EnvironmentFile[] = [];
  readonly #disk: GrubDisk;
  readonly #variables = new Map<string, string>();
  /** What a menu entry sets while it is tried: gone afterwards. Undefined values are unset. */
  #trial: Map<string, string | undefined> | undefined;
  readonly #functions = new Map<string, readonly Statement[]>();
  #file: GrubPath;
  #menu: MenuItem[] = this.items;
  #load: Partial<LoadRequest> = {};
  #commands = 0;
  #calls = 0;
  #text = 0;

  /** `file` is the first grub.cfg; its folder becomes `$prefix`. */
  constructor(disk: GrubDisk, file: GrubPath) {
    this.#disk = disk;
    this.#file = file;
    const root = file.place ? disk.nameOf(file.place.device) : '';
    this.#variables.set('root', root);
    this.#variables.set('prefix', `(${root})${file.path.slice(0, file.path.lastIndexOf('/'))}`);
    for (const feature of ['menuentry_id', 'default_font_path', 'timeout_style', 'chainloader_bpb', '200_final'])
      this.#variables.set(`feature_${feature}`, 'y');
    this.#variables.set('grub_platform', 'efi');
  }

  /** Runs the file; `items` then holds the menu. */
  run(): void {
    this.#runFile(this.#file);
  }

  /** Opens a submenu: its items, made by running its body. */
  openSubmenu(item: MenuItem): readonly MenuItem[] {
    const items: MenuItem[] = [];
    this.#within(items, item.file, () => this.#statements(item.body));
    return items;
  }

  /** What the entry loads; undefined if it loads nothing. */
  load(item: MenuItem): LoadRequest | undefined {
    this.#load = {};
    this.#trial = new Map();
    this.#within([], item.file, () => this.#statements(item.body));
    this.#trial = undefined;
    const { linux, source = '', options = '', initrd = [], deviceTree } = this.#load;
    if (!linux) return undefined;
    return { linux, source, options, initrd, ...(deviceTree ? { deviceTree } : {}) };
  }

  /** Value of a variable, empty if it is not set. */
  variable(name: string): string {
    return (this.#trial?.has(name) ? this.#trial.get(name) : this.#variables.get(name)) ?? '';
  }

  #set(name: string, value: string | undefined): void {
    if (this.#trial) this.#trial.set(name, value);
    else if (value === undefined) this.#variables.delete(name);
    else this.#variables.set(name, value);
  }

  #within(menu: MenuItem[], file: GrubPath, action: () => void): void {
    const [outerMenu, outerFile] = [this.#menu, this.#file];
    if (this.#calls >= MAX_CALLS) throw this.#exhausted('calls inside each other', MAX_CALLS);
    this.#calls++;
    this.#menu = menu;
    this.#file = file;
    action();
    this.#menu = outerMenu;
    this.#file = outerFile;
    this.#calls--;
  }

  #runFile(file: GrubPath): boolean {
    const text = file.place?.view.readText(file.path);
    if (text === undefined || !file.place) return false;
    this.#spend(text);
    const statements = parseGrub(text, file.place.view.locate(file.path));
    this.#within(this.#menu, file, () => this.#statements(statements));
    return true;
  }

  #statements(statements: readonly Statement[]): boolean {
    let succeeded = true;
    for (const statement of statements) succeeded = this.#statement(statement);
    return succeeded;
  }

  #statement(statement: Statement): boolean {
    if (++this.#commands > MAX_COMMANDS) throw this.#exhausted('commands', MAX_COMMANDS);
    switch (statement.kind) {
      case 'command':
        return this.#command(this.#values(statement.words), statement.line);
      case 'function':
        this.#functions.set(statement.name, statement.body);
        return true;
      case 'if': {
        const branch = statement.branches.find(({ condition }) => this.#statements(condition));
        return this.#statements(branch?.body ?? statement.otherwise);
      }
      case 'menuentry':
      case 'submenu':
        this.#menu.push(this.#item(statement));
        return true;
    }
  }

  #item({ kind, words, body, line }: Extract<Statement, { kind: 'menuentry' | 'submenu' }>): MenuItem {
    const [, title = '', ...values] = this.#values(words);
    const idAt = values.indexOf('--id');
    const id = idAt < 0 ? values.find((value) => value.startsWith('--id='))?.slice(5) : values[idAt + 1];
    const names = [String(this.#menu.length), title, ...(id === undefined ? [] : [id])];
    const item = { names, title: this.#line(title, line), body, file: this.#file };
    return kind === 'submenu' ? { ...item, items: [] } : item;
  }

  #command(words: readonly string[], line: number): boolean {
    const [name = '', ...values] = words;
    if (name === '' || name === '}') return true;
    if (linuxCommands.has(name)) {
      const [kernel = '', ...options] = values;
      const { place, path } = this.#path(kernel);
      this.#load = {
        ...this.#load,
        linux: this.#line(path, line),
        options: options.map(quoteBlank).join(' '),
        source: place?.device.label ?? '',
      };
      return true;
    }
    if (initrdCommands.has(name)) {
      this.#load = { ...this.#load, initrd: values.map((value) => this.#line(this.#path(value).path, line)) };
      return true;
    }
    if (name === 'devicetree') {
      this.#load = { ...this.#load, deviceTree: this.#line(this.#path(values[0] ?? '').path, line) };
      return true;
    }
    if (name === '[' || name === 'test')
      return isTrueTest(name === '[' ? values.slice(0, -1) : values, (path) => this.#has(path));
    if (name === 'load_env') return this.#loadEnvironment(values, line);
    if (name === 'search' || name.startsWith('search.')) return this.#search(name, values);
    if (name === 'configfile' || name === 'source' || name === '.') return this.#runFile(this.#path(values[0] ?? ''));
    if (name === 'unset') return this.#unset(values);
    const assignment = name === 'set' ? values[0] : words.length === 1 ? name : undefined;
    const equals = assignment?.indexOf('=') ?? -1;
    if (assignment !== undefined && equals > 0) {
      this.#set(assignment.slice(0, equals), assignment.slice(equals + 1));
      return true;
    }
    const body = this.#functions.get(name);
    if (!body) return harmless.has(name);
    let succeeded = true;
    this.#within(this.#menu, this.#file, () => {
      succeeded = this.#statements(body);
    });
    return succeeded;
  }

  #unset(names: readonly string[]): boolean {
    for (const name of names) this.#set(name, undefined);
    return true;
  }

  /** grubenv: a first line that marks it, `name=value` lines, `#` up to 1024 bytes. */
  #loadEnvironment(values: readonly string[], line: number): boolean {
    const at = values.findIndex((value) => value === '-f' || value === '--file');
    const named =
      values.find((value) => value.startsWith('--file='))?.slice(7) ?? (at < 0 ? undefined : values[at + 1]);
    const { place, path } = this.#path(named ?? `${this.variable('prefix')}/grubenv`);
    const text = place?.view.readText(path);
    const isBlock = text?.startsWith(ENVIRONMENT_MARK) === true;
    const location = place ? place.view.locate(path) : { source: this.variable('root'), path };
    const state = text === undefined ? 'missing' : isBlock ? 'present' : 'invalid';
    this.environments.push({ named: this.#line('', line).location, location, state });
    if (text === undefined || !isBlock) return false;
    this.#spend(text);
    for (const assignment of text.split('\n')) {
      const equals = assignment.indexOf('=');
      if (!assignment.startsWith('#') && equals > 0)
        this.#set(assignment.slice(0, equals), assignment.slice(equals + 1));
    }
    return true;
  }

  #search(name: string, values: readonly string[]): boolean {
    const has = (...options: string[]): boolean => values.some((value) => options.includes(value));
    const by =
      name === 'search.fs_uuid' || has('--fs-uuid', '-u')
        ? 'uuid'
        : name === 'search.fs_label' || has('--label', '--fs-label', '-l')
          ? 'label'
          : 'file';
    const names = values.filter((value) => !value.startsWith('-'));
    const isShort = name !== 'search';
    const found = this.#disk.search(by, (isShort ? names[0] : names.at(-1)) ?? '');
    if (!found) return false;
    const set = isShort
      ? names[1]
      : (values.find((value) => value.startsWith('--set='))?.slice(6) ?? (has('--set', '-s') ? 'root' : undefined));
    if (set !== undefined) this.#set(set, this.#disk.nameOf(found));
    return true;
  }

  #has(path: string): boolean {
    const { place, path: inner } = this.#path(path);
    return place?.view.find(inner) !== undefined;
  }

  #path(text: string): GrubPath {
    return this.#disk.parsePath(text, this.variable('root'));
  }

  /** The words with their variables replaced. A variable outside quotes may become several words, or none. */
  #values(words: readonly Word[]): string[] {
    return words.flatMap(({ parts }) => {
      const values = [''];
      for (const part of parts) {
        const text = this.#expand(part);
        const [first = '', ...more] = part.kind === 'variable' && !part.quoted ? text.split(/[ \t\n]+/) : [text];
        values[values.length - 1] += first;
        for (const value of more) values.push(value);
      }
      return parts.some(({ quoted }) => quoted) ? values : values.filter((value) => value !== '');
    });
  }

  #expand({ kind, text }: WordPart): string {
    const value = kind === 'text' ? text : this.variable(text);
    this.#spend(value);
    return value;
  }

  #spend(text: string): void {
    this.#text += text.length;
    if (this.#text > MAX_TEXT) throw this.#exhausted('characters', MAX_TEXT);
  }

  #line(text: string, line: number): BootLine {
    const { place, path } = this.#file;
    return { text, location: place ? place.view.locate(path, line) : { source: '', line } };
  }

  #exhausted(what: string, most: number): ImageError {
    return new ImageError('limit', 'boot/grub-budget', `grub.cfg takes more than ${most} ${what}`, {
      location: this.#line('', 1).location,
    });
  }
}

/** GRUB hands a parameter with a blank in it to the kernel in quotes. */
function quoteBlank(option: string): string {
  return /\s/.test(option) ? `"${option}"` : option;
}
