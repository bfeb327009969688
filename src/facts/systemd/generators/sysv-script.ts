/**
 * What systemd-sysv-generator(8) takes from the comments of an init script: the LSB header, the `chkconfig` description and `pidfile`
 * of Red Hat, and whether its usage names `reload`.
 */
import { parseAskedName } from '../asked-name.ts';

export interface SysvScript {
  readonly hasHeader: boolean;
  readonly description: string | undefined;
  readonly pidFile: string | undefined;
  readonly reloads: boolean;
  /** Other names of the service. */
  readonly aliases: readonly string[];
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly wants: readonly string[];
}

/** Facilities of the LSB; those without a target are always there. */
const facilities: ReadonlyMap<string, string> = new Map([
  ['local_fs', ''],
  ['syslog', ''],
  ['network', 'network-online.target'],
  ['named', 'nss-lookup.target'],
  ['portmap', 'rpcbind.target'],
  ['remote_fs', 'remote-fs.target'],
  ['time', 'time-sync.target'],
]);

type State = 'normal' | 'usage' | 'description' | 'header' | 'header-description';

/** `name` is that of the script, to which its own facility is nothing. */
export function parseSysvScript(text: string, name: string): SysvScript {
  const parser = new ScriptParser(name);
  for (const line of text.split('\n')) parser.read(line);
  return parser.result();
}

/** The unit of a script: `.sh` is dropped, what no unit name may have is escaped. */
export function unitOfScript(name: string): string {
  return parseAskedName(withoutShell(name));
}

const withoutShell = (name: string): string => (name.endsWith('.sh') ? name.slice(0, -3) : name);

class ScriptParser {
  #state: State = 'normal';
  #hasHeader = false;
  #reloads = false;
  #pidFile: string | undefined;
  #short: string | undefined;
  #long: string | undefined;
  #chkconfig: string | undefined;
  readonly #aliases: string[] = [];
  readonly #before: string[] = [];
  readonly #after: string[] = [];
  readonly #wants: string[] = [];
  readonly #name: string;

  constructor(name: string) {
    this.#name = withoutShell(name);
  }

  read(line: string): void {
    const text = line.trim();
    if (!text.startsWith('#')) {
      this.#readCode(text);
      return;
    }
    const inHeader = this.#state === 'header' || this.#state === 'header-description';
    if (this.#state === 'normal' && text === '### BEGIN INIT INFO') {
      this.#state = 'header';
      this.#hasHeader = true;
    } else if (inHeader && text === '### END INIT INFO') this.#state = 'normal';
    else if (inHeader) this.#readHeader(text.slice(1).trimStart(), /^#(?:\t| {2})/.test(line));
    else this.#readComment(text.slice(1).trimStart());
  }

  result(): SysvScript {
    const text = this.#short ?? this.#chkconfig ?? this.#long;
    return {
      hasHeader: this.#hasHeader,
      description: text === undefined ? undefined : `${this.#hasHeader ? 'LSB' : 'SYSV'}: ${text}`,
      pidFile: this.#pidFile,
      reloads: this.#reloads,
      aliases: this.#aliases,
      before: this.#before,
      after: this.#after,
      wants: this.#wants,
    };
  }

  #readCode(text: string): void {
    if (this.#state !== 'usage' && !(this.#state === 'normal' && /usage/i.test(text))) return;
    const names = /\{reload[|}"]|\|reload[|}"]/i.test(text);
    if (names) this.#reloads = true;
    this.#state = !names && text.endsWith('\\') ? 'usage' : 'normal';
  }

  #readComment(text: string): void {
    const continues = text.endsWith('\\');
    const content = continues ? text.slice(0, -1) : text;
    if (this.#state === 'description') {
      if (!continues) this.#state = 'normal';
      this.#chkconfig = joined(this.#chkconfig, content.trim());
    } else if (this.#state === 'normal') {
      const description = fieldOf(content, 'description');
      const pidFile = fieldOf(text, 'pidfile');
      if (description !== undefined) {
        if (continues) this.#state = 'description';
        this.#chkconfig = description === '' ? undefined : description;
      } else if (pidFile?.startsWith('/')) this.#pidFile = pidFile;
    }
  }

  #readHeader(text: string, isIndented: boolean): void {
    const after = ['Required-Start', 'Should-Start', 'X-Start-After'].map((key) => fieldOf(text, key)).find(isSaid);
    const provides = fieldOf(text, 'Provides');
    const before = fieldOf(text, 'X-Start-Before');
    const long = fieldOf(text, 'Description');
    const short = fieldOf(text, 'Short-Description');
    const known = [provides, after, before, long, short].some(isSaid);
    if (!known && this.#state === 'header-description' && isIndented) {
      this.#long = joined(this.#long, text.trim());
      return;
    }
    this.#state = long === undefined ? 'header' : 'header-description';
    if (provides !== undefined) this.#provide(provides);
    if (after !== undefined) this.#startAfter(after);
    if (before !== undefined) this.#before.push(...this.#unitsOf(before));
    if (long !== undefined) this.#long = long === '' ? undefined : long;
    if (short !== undefined) this.#short = short;
  }

  #provide(words: string): void {
    for (const unit of this.#unitsOf(words)) {
      if (!unit.endsWith('.target')) {
        this.#aliases.push(unit);
        continue;
      }
      const targets = unit === 'network-online.target' ? [unit, 'network.target'] : [unit];
      this.#before.push(...targets);
      this.#wants.push(...targets);
    }
  }

  #startAfter(words: string): void {
    const units = this.#unitsOf(words);
    this.#after.push(...units);
    this.#wants.push(...units.filter((unit) => unit === 'network-online.target'));
  }

  #unitsOf(words: string): readonly string[] {
    return words
      .split(/[ \t]+/)
      .map((word) => this.#unitOf(word))
      .filter((unit) => unit !== '');
  }

  #unitOf(word: string): string {
    const name = word.startsWith('$') ? word.slice(1) : word;
    const target = facilities.get(name);
    if (name === '' || target !== undefined) return target ?? '';
    if (word.startsWith('$')) return `${name}.target`;
    return name === this.#name ? '' : unitOfScript(name);
  }
}

const isSaid = (value: string | undefined): boolean => value !== undefined;

/** What stands behind `key:`, in whatever case. */
function fieldOf(text: string, key: string): string | undefined {
  const isKey = text.length > key.length && text[key.length] === ':';
  return isKey && text.slice(0, key.length).toLowerCase() === key.toLowerCase()
    ? text.slice(key.length + 1).trim()
    : undefined;
}

/** Line by line, an empty one is none. */
function joined(before: string | undefined, line: string): string | undefined {
  if (line === '') return before;
  return before === undefined ? line : `${before} ${line}`;
}
