/**
 * Runs a script of U-Boot as far as it decides what boots: variables, conditions, which file is loaded to which address, and the
 * command that starts them. Where a condition depends on what only the board knows, both ways are gone, and what they leave
 * different is not known from there on. The image cannot make it run long: commands, calls and text have budgets.
 */
import { ImageError } from '../../../errors.ts';
import type { Location } from '../../../location.ts';
import type { BootLine, BootPlace } from '../boot-entry.ts';
import { type HushStatement, type HushWord, type Joined, parseHush } from './hush-script.ts';
import { copyState, type LoadedFile, mergeStates, type State } from './hush-state.ts';
import { evaluateTest, type Outcome } from './hush-test.ts';
import { initialValue, joinValues, unknownValue, type Value } from './values.ts';

const MAX_COMMANDS = 5_000;
const MAX_CALLS = 16;
const MAX_TEXT = 4 * 1024 * 1024;

/** What a start command would start. */
export interface UBootStart {
  readonly kernel: LoadedFile;
  readonly initrd?: LoadedFile;
  readonly deviceTree?: LoadedFile;
  readonly options: BootLine;
  /** Only one of two ways leads here, and the image does not tell which is gone. */
  readonly isConditional: boolean;
}

export interface UBootResult {
  /** In the order they would be tried. */
  readonly starts: readonly UBootStart[];
  /** What the image does not decide, with its line. */
  readonly undecided?: BootLine;
}

/** Commands that change nothing that matters here. */
const harmless = new Set([
  ...['true', 'echo', 'sleep', 'mmc', 'usb', 'sata', 'scsi', 'nvme', 'virtio', 'pci', 'fdt', 'cls', 'lcdputs', 'video'],
  ...[
    'saveenv',
    'printenv',
    'mw',
    'gpio',
    'led',
    'i2c',
    'regulator',
    'dcache',
    'icache',
    'cp',
    'md',
    'bmp',
    'run_once',
  ],
]);
const loaders = new Set(['load', 'fatload', 'ext2load', 'ext4load', 'fsload', 'sqfsload', 'btrload']);
const starters = new Set(['bootz', 'booti', 'bootm', 'zboot']);
/** What goes on outside this script. */
const handovers = new Set([
  'bootefi',
  'sysboot',
  'bootflow',
  'boot',
  'bootd',
  'go',
  'source',
  'pxe',
  'dhcp',
  'fastboot',
]);

const wantedOutcome: Readonly<Record<Joined, Outcome | undefined>> = {
  always: undefined,
  'if it succeeded': 'yes',
  'if it failed': 'no',
};

export class HushRun {
  readonly #places: readonly BootPlace[];
  readonly #home: BootPlace;
  readonly #prefix: string;
  readonly #starts: UBootStart[] = [];
  #undecided: BootLine | undefined;
  #state: State = { variables: new Map(), files: new Map() };
  #location: Location;
  #ended = false;
  #commands = 0;
  #calls = 0;
  #text = 0;
  #forks = 0;

  /** `home`: where the script lies; `location`: the script. */
  constructor(places: readonly BootPlace[], home: BootPlace, path: string, location: Location) {
    this.#places = places;
    this.#home = home;
    this.#prefix = path.slice(0, path.lastIndexOf('/') + 1);
    this.#location = location;
  }

  run(text: string): UBootResult {
    this.#statements(parseHush(text, this.#location));
    return { starts: this.#starts, ...(this.#undecided ? { undecided: this.#undecided } : {}) };
  }

  #statements(statements: readonly HushStatement[]): Outcome {
    let last: Outcome = 'yes';
    for (let at = 0; at < statements.length && !this.#ended; ) {
      let end = at + 1;
      while (end < statements.length && statements[end]?.joined !== 'always') end++;
      last = this.#chain(statements.slice(at, end), 'yes');
      at = end;
    }
    return last;
  }

  /** Statements joined by `&&` and `||`. Behind one whose end is not known, the rest is gone through for both. */
  #chain(statements: readonly HushStatement[], before: Outcome): Outcome {
    let last = before;
    for (const [index, statement] of statements.entries()) {
      if (this.#ended) return last;
      const wanted = wantedOutcome[statement.joined];
      if (wanted !== undefined && last === 'unknown') {
        const rest = statements.slice(index);
        return this.#fork([() => this.#chain(rest, 'yes'), () => this.#chain(rest, 'no')]);
      }
      if (wanted === undefined || last === wanted) last = this.#statement(statement);
    }
    return last;
  }

  #statement(statement: HushStatement): Outcome {
    if (++this.#commands > MAX_COMMANDS) throw this.#exhausted('commands', MAX_COMMANDS);
    if (statement.kind === 'if') return this.#if(statement);
    if (statement.kind === 'command') return this.#command(this.#values(statement.words), statement.line);
    let outcome: Outcome = 'yes';
    for (const { text } of this.#values(statement.words)) {
      if (this.#ended) break;
      this.#set(statement.name, { text });
      outcome = this.#statements(statement.body);
    }
    return outcome;
  }

  #if({ branches, line }: Extract<HushStatement, { kind: 'if' }>): Outcome {
    for (const [index, { condition, body }] of branches.entries()) {
      const outcome = condition.length === 0 ? 'yes' : this.#statements(condition);
      if (this.#ended) return outcome;
      if (outcome === 'yes') return this.#statements(body);
      if (outcome === 'unknown') {
        const rest = { kind: 'if', branches: branches.slice(index + 1), line, joined: 'always' } as const;
        return this.#fork([() => this.#statements(body), () => this.#if(rest)]);
      }
    }
    return 'yes';
  }

  /** Goes both ways from the state as it is; a way that starts something does not come back. */
  #fork([first, second]: readonly [() => Outcome, () => Outcome]): Outcome {
    const before = this.#state;
    this.#spend(before.variables.size + before.files.size);
    const go = (way: () => Outcome): { ended: boolean; state: State; outcome: Outcome } => {
      this.#state = copyState(before);
      this.#ended = false;
      const outcome = way();
      return { ended: this.#ended, state: this.#state, outcome };
    };
    this.#forks++;
    const [a, b] = [go(first), go(second)];
    this.#forks--;
    this.#ended = a.ended && b.ended;
    this.#state = a.ended ? b.state : b.ended ? a.state : mergeStates(a.state, b.state);
    return a.outcome === b.outcome ? a.outcome : 'unknown';
  }

  #command(words: readonly Value[], line: number): Outcome {
    const [name, ...values] = words;
    const command = name?.text ?? '';
    if (command === '') return 'yes';
    const assignment = /^([A-Za-z_]\w{0,127})=(.*)$/s.exec(command);
    if (assignment && values.length === 0) {
      this.#set(assignment[1] ?? '', name?.unknown === undefined ? { text: assignment[2] ?? '' } : name);
      return 'yes';
    }
    if (command === 'setenv') return this.#assign(values);
    if (command === 'env') return this.#environment(values);
    if (command === 'test' || command === '[')
      return evaluateTest(command === '[' ? values.slice(0, -1) : values, (device, path) => this.#exists(device, path));
    if (loaders.has(command)) return this.#load(values, line);
    if (starters.has(command)) return this.#start(values, line);
    if (command === 'part') return this.#part(values);
    if (command === 'run') return this.#runVariables(values, line);
    if (command === 'false') return 'no';
    if (command === 'exit') {
      this.#ended = true;
      return 'yes';
    }
    if (handovers.has(command)) {
      this.#doubt(`it goes on with ${joinValues(words, ' ').text}`, line);
      return 'no';
    }
    if (command === 'setexpr' || command === 'askenv' || command === 'read') {
      const target = values[command === 'read' ? 3 : 0]?.text;
      if (target !== undefined) this.#set(target, unknownValue(target));
      return 'yes';
    }
    return harmless.has(command) ? 'yes' : 'unknown';
  }

  #assign(values: readonly Value[]): Outcome {
    const [name, ...rest] = values.filter(({ text }) => text !== '-f');
    if (name) this.#set(name.text, joinValues(rest, ' '));
    return 'yes';
  }

  #environment([action, ...values]: readonly Value[]): Outcome {
    if (action?.text === 'set') return this.#assign(values);
    if (action?.text === 'exists') {
      const value = this.#get(values[0]?.text ?? '');
      return value.unknown === undefined ? (value.text === '' ? 'no' : 'yes') : 'unknown';
    }
    if (action?.text !== 'import') return 'yes';
    const [address] = values.filter(({ text }) => !text.startsWith('-'));
    return this.#import(this.#state.files.get(address?.text ?? ''));
  }

  /** A text of `name=value` lines that was loaded before. */
  #import(file: LoadedFile | undefined): Outcome {
    const text = file?.unknown === undefined ? file?.place?.view.readText(file.line.text) : undefined;
    if (text === undefined) return 'unknown';
    this.#spend(text.length);
    for (const line of text.split('\n')) {
      const equals = line.indexOf('=');
      if (!line.startsWith('#') && equals > 0)
        this.#set(line.slice(0, equals), { text: line.slice(equals + 1).trim() });
    }
    return 'yes';
  }

  #load([, device, address, file]: readonly Value[], line: number): Outcome {
    if (!device || !address || !file) return 'no';
    const place = this.#place(device);
    const path = file.text.startsWith('/') ? file.text : `/${file.text}`;
    const unknown = file.unknown ?? device.unknown;
    const loaded = { line: this.#line(path, line), place, ...(unknown === undefined ? {} : { unknown }) };
    this.#state.files.set(address.text, loaded);
    return this.#exists(device, file);
  }

  #start([kernel, initrd, tree]: readonly Value[], line: number): Outcome {
    const fileAt = (value: Value | undefined): LoadedFile | undefined =>
      value && this.#state.files.get(value.text.replace(/:\$\{filesize\}$|[:#].*$/, ''));
    const loaded = fileAt(kernel ?? this.#get('loadaddr'));
    if (!loaded) {
      this.#doubt(`what ${kernel?.text ?? 'it'} holds is not loaded by this script`, line);
      return 'no';
    }
    const [ramdisk, deviceTree] = [initrd?.text === '-' ? undefined : fileAt(initrd), fileAt(tree)];
    const options = this.#get('bootargs');
    const unknown = [loaded, ramdisk].find((file) => file?.unknown !== undefined)?.unknown;
    if (unknown !== undefined) this.#doubt(`the file it loads depends on ${unknown}, which the board sets`, line);
    this.#starts.push({
      kernel: loaded,
      ...(ramdisk ? { initrd: ramdisk } : {}),
      // A device tree that the board names is not this image's to answer for.
      ...(deviceTree && deviceTree.unknown === undefined ? { deviceTree } : {}),
      options: this.#line(options.text, line),
      isConditional: this.#forks > 0,
    });
    // A kernel that is not there does not start: the script goes on.
    this.#ended = this.#has(loaded) !== 'no';
    return 'no';
  }

  /** `part uuid INTERFACE DEVICE [NAME]`; other answers are not known. */
  #part([action, , device, name]: readonly Value[]): Outcome {
    if (!name) return 'unknown';
    const uuid = action?.text === 'uuid' && device ? this.#place(device)?.device.partition?.uuid : undefined;
    this.#set(name.text, uuid === undefined ? unknownValue(name.text) : { text: uuid });
    return uuid === undefined ? 'unknown' : 'yes';
  }

  #runVariables(names: readonly Value[], line: number): Outcome {
    let outcome: Outcome = 'yes';
    for (const { text: name } of names) {
      const value = this.#get(name);
      if (value.unknown !== undefined || value.text === '') return 'unknown';
      if (this.#calls >= MAX_CALLS) throw this.#exhausted('calls inside each other', MAX_CALLS);
      this.#spend(value.text.length);
      const outer = this.#location;
      this.#location = { ...outer, line };
      this.#calls++;
      outcome = this.#statements(parseHush(value.text, this.#location));
      this.#calls--;
      this.#location = outer;
    }
    return outcome;
  }

  #exists(device: Value, path: Value): Outcome {
    if (device.unknown !== undefined || path.unknown !== undefined) return 'unknown';
    return this.#has({ line: this.#line(path.text, 1), place: this.#place(device) });
  }

  #has({ line, place, unknown }: LoadedFile): Outcome {
    if (unknown !== undefined || !place) return 'unknown';
    const state = place.view.exists(line.text);
    return state === 'unreadable' ? 'unknown' : state;
  }

  /** `0:2`; the number of the disk is not looked at, since the image is one. */
  #place({ text }: Value): BootPlace | undefined {
    const number = /:([0-9a-f]{1,3})$/i.exec(text)?.[1];
    if (number === undefined) return this.#home;
    const wanted = Number.parseInt(number, 16);
    if (wanted === this.#home.device.partition?.number) return this.#home;
    return this.#places.find(({ device }) => device.partition?.number === wanted);
  }

  #get(name: string): Value {
    return this.#state.variables.get(name) ?? initialValue(name, this.#home.device.partition?.number, this.#prefix);
  }

  #set(name: string, value: Value): void {
    this.#spend(value.text.length);
    this.#state.variables.set(name, value);
  }

  /** The words with their variables replaced; outside quotes one may become several words, or none. */
  #values(words: readonly HushWord[]): Value[] {
    return words.flatMap(({ parts }): Value[] => {
      let values: Value[] = [{ text: '' }];
      for (const part of parts) {
        const value = part.kind === 'text' ? { text: part.text } : this.#get(part.text);
        this.#spend(value.text.length);
        const isSplit = part.kind === 'variable' && !part.quoted && value.unknown === undefined;
        const pieces = isSplit ? value.text.split(/\s+/).map((text) => ({ text })) : [value];
        const [first = { text: '' }, ...more] = pieces;
        values = [...values.slice(0, -1), joinValues([values.at(-1) ?? { text: '' }, first], ''), ...more];
      }
      return parts.some(({ quoted }) => quoted) ? values : values.filter(({ text }) => text !== '');
    });
  }

  #doubt(what: string, line: number): void {
    this.#undecided ??= this.#line(what, line);
  }

  #line(text: string, line: number): BootLine {
    return { text, location: { ...this.#location, line: this.#location.line ?? line } };
  }

  #spend(characters: number): void {
    this.#text += characters;
    if (this.#text > MAX_TEXT) throw this.#exhausted('characters', MAX_TEXT);
  }

  #exhausted(what: string, limit: number): ImageError {
    return new ImageError('limit', 'boot/u-boot-budget', `the script of U-Boot needs more than ${limit} ${what}`, {
      location: this.#location,
    });
  }
}
