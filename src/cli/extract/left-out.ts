/** What extraction leaves out on purpose, counted, to be said at the end. */
const kinds = {
  device: ['device node', 'device nodes', 'extract makes none'],
  fifo: ['fifo', 'fifos', undefined],
  socket: ['socket', 'sockets', undefined],
  'special-mode': ['setuid or setgid bit', 'setuid or setgid bits', '--special-modes keeps them'],
  owner: ['owner', 'owners', '--owner keeps them'],
  xattrs: ['file’s extended attributes', 'files’ extended attributes', undefined],
} as const;

export type LeftOutKind = keyof typeof kinds;

export class LeftOut {
  readonly #counts = new Map<LeftOutKind, number>();

  add(kind: LeftOutKind): void {
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
  }

  /** One line for each kind, and one for how to get everything; none if nothing was left out. */
  lines(): string[] {
    const lines = (Object.keys(kinds) as LeftOutKind[]).flatMap((kind) => {
      const count = this.#counts.get(kind);
      if (count === undefined) return [];
      const [one, many, reason] = kinds[kind];
      return [`left out: ${count} ${count === 1 ? one : many}${reason === undefined ? '' : ` (${reason})`}`];
    });
    if (lines.length === 0) return [];
    return [...lines, "everything is in what 'check-image export' writes: give it to tar"];
  }
}
