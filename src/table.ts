/**
 * String-keyed records that stay plain JSON and are safe against names from an image such as `__proto__`.
 */
export type Table<T> = Readonly<Record<string, T>>;

/** An empty table without a prototype. */
export function createTable<T>(entries: Iterable<readonly [string, T]> = []): Record<string, T> {
  const table: Record<string, T> = Object.create(null);
  for (const [key, value] of entries) table[key] = value;
  return table;
}

/** Where the records of a lazy table come from. */
export interface LazyRecords<T> {
  /** The record of that name, made or searched for on the spot. */
  readonly find: (name: string) => T | undefined;
  /** All names, in the order they are to be listed. */
  readonly names: () => readonly string[];
}

/** The entries of a table, each asked for once: `Object.entries` asks a lazy table for every record twice. */
export function entriesOf<T>(table: Table<T>): (readonly [string, T])[] {
  return (Reflect.ownKeys(table) as string[]).map((name) => [name, table[name] as T]);
}

/** A read-only table whose records are made when they are asked for; listing it asks for all names. */
export function createLazyTable<T>({ find, names }: LazyRecords<T>): Table<T> {
  const get = (name: string | symbol): T | undefined => (typeof name === 'symbol' ? undefined : find(name));
  return new Proxy<Record<string, T>>(createTable(), {
    get: (_target, name) => get(name),
    has: (_target, name) => get(name) !== undefined,
    ownKeys: () => [...names()],
    getOwnPropertyDescriptor(_target, name) {
      const value = get(name);
      return value === undefined ? undefined : { value, enumerable: true, configurable: true };
    },
    set: () => false,
  });
}
