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
