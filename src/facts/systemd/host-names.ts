/** What the image says about its machine, for specifiers: machine-id, hostname, os-release, architecture. Read once, when asked. */
import type { RootView } from '../../root/root-view.ts';
import { createTable, type Table } from '../../table.ts';
import { parseEnvFile } from '../environment/env-file.ts';
import type { HostNames } from './specifiers.ts';

export class HostReader {
  readonly #view: RootView;
  readonly #architecture: (() => string | undefined) | undefined;
  #names: HostNames | undefined;

  constructor(view: RootView, architecture?: () => string | undefined) {
    this.#view = view;
    this.#architecture = architecture;
  }

  read(): HostNames {
    this.#names ??= this.#read();
    return this.#names;
  }

  /** machine-id(5): a missing file, or the word `uninitialized`, makes the boot a first boot; an empty file does not. */
  isFirstBoot(): boolean {
    const text = this.#view.readText('/etc/machine-id');
    return text === undefined || text.trim() === 'uninitialized';
  }

  #read(): HostNames {
    const id = this.#view.readText('/etc/machine-id')?.trim();
    const hostname = this.#view.readText('/etc/hostname')?.trim();
    const info = this.#readAssignments('/etc/machine-info');
    const own = this.#readAssignments('/etc/os-release');
    return {
      architecture: this.#architecture?.(),
      machineId: id !== undefined && /^[0-9a-f]{32}$/.test(id) ? id : undefined,
      hostname: hostname === '' ? undefined : hostname,
      prettyHostname: info.PRETTY_HOSTNAME,
      osRelease: own,
    };
  }

  #readAssignments(path: string): Table<string> {
    const text = this.#view.readText(path);
    const values = createTable<string>();
    for (const { key, value } of text === undefined ? [] : parseEnvFile(text)) values[key] = value ?? '';
    return values;
  }
}
