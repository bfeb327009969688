/** The facts of one image, each read once, on demand. */
import type { RootView, Standing } from '../root/root-view.ts';
import type { FactContext, FactId, FactReader, FactResult, ImageFacts } from './fact.ts';
import type { FactTypes } from './fact-types.ts';
import { factReaders } from './registry.ts';

interface Observed<T> {
  readonly value: T;
  readonly standing: Standing;
}

export class FactStore implements FactContext {
  readonly image: ImageFacts;
  readonly #view: RootView;
  readonly #results = new Map<string, Observed<FactResult<unknown>>>();
  readonly #shared = new Map<string, Observed<unknown>>();
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
    if (known) return this.#use(known) as FactResult<FactTypes[K]>;
    const reader = factReaders[fact] as FactReader<K> | undefined;
    if (!reader) throw new Error(`no reader for the fact ${fact}`);
    if (this.#reading.has(id)) throw new Error(`the fact ${id} needs itself`);
    this.#reading.add(id);
    try {
      const observed = this.#view.observe(() => reader.read(this.#view, this, key));
      this.#results.set(id, observed);
      return observed.value;
    } finally {
      this.#reading.delete(id);
    }
  }

  share<T>(name: string, make: () => T): T {
    const known = this.#shared.get(name);
    if (known) return this.#use(known) as T;
    const observed = this.#view.observe(make);
    this.#shared.set(name, observed);
    return observed.value;
  }

  /** How sure the least sure answer of the view is that a fact was read from; undefined for a fact nobody asked for. */
  standingOf(fact: FactId, key = ''): Standing | undefined {
    return this.#results.get(`${fact}:${key}`)?.standing;
  }

  /** What was read before rests on the same answers again. */
  #use<T>({ value, standing }: Observed<T>): T {
    this.#view.restOn(standing);
    return value;
  }
}
