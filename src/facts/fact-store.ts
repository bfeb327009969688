/** The facts of one image, each read once, on demand. */
import type { RootView } from '../root/root-view.ts';
import type { FactContext, FactId, FactReader, FactResult, ImageFacts } from './fact.ts';
import type { FactTypes } from './fact-types.ts';
import { factReaders } from './registry.ts';

export class FactStore implements FactContext {
  readonly image: ImageFacts;
  readonly #view: RootView;
  readonly #results = new Map<string, FactResult<unknown>>();
  readonly #shared = new Map<string, unknown>();
  readonly #reading = new Set<string>();
  readonly #prepared = new Set<FactId>();

  constructor(view: RootView, image: ImageFacts) {
    this.#view = view;
    this.image = image;
  }

  /** Lets the readers of these facts load their parsers, those of facts they need first. To be awaited before `get`. */
  async prepare(facts: Iterable<FactId>): Promise<void> {
    for (const fact of facts) {
      const reader = factReaders[fact];
      if (!reader || this.#prepared.has(fact)) continue;
      this.#prepared.add(fact);
      await this.prepare(reader.needs);
      await reader.prepare?.(this.#view, this);
    }
  }

  get<K extends FactId>(fact: K, key = ''): FactResult<FactTypes[K]> {
    const id = `${fact}:${key}`;
    const known = this.#results.get(id);
    if (known) return known as FactResult<FactTypes[K]>;
    const reader = factReaders[fact] as FactReader<K> | undefined;
    if (!reader) throw new Error(`no reader for the fact ${fact}`);
    if (this.#reading.has(id)) throw new Error(`the fact ${id} needs itself`);
    this.#reading.add(id);
    try {
      const result = reader.read(this.#view, this, key);
      this.#results.set(id, result);
      return result;
    } finally {
      this.#reading.delete(id);
    }
  }

  share<T>(name: string, make: () => T): T {
    if (!this.#shared.has(name)) this.#shared.set(name, make());
    return this.#shared.get(name) as T;
  }
}
