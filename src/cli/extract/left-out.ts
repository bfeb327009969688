/** What extraction leaves out on purpose, counted, to be said at the end. */
const none = 'extract makes none';
const kinds = {
  device: ['device node', 'device nodes', none],
  fifo: ['fifo', 'fifos', none],
  socket: ['socket', 'sockets', none],
  'special-mode': ['setuid or setgid bit', 'setuid or setgid bits', '--special-modes keeps them'],
  owner: ['owner', 'owners', '--owner keeps them, as root'],
  xattrs: [
    'file’s extended attributes',
    'files’ extended attributes',
    'capabilities and access control lists among them',
  ],
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
      return [`left out: ${count} ${count === 1 ? one : many} (${reason})`];
    });
    if (lines.length === 0) return [];
    const sockets = this.#counts.has('socket') ? ' but sockets' : '';
    const tar = "sudo tar -x -p --numeric-owner --xattrs --xattrs-include='*' -C FOLDER";
    return [...lines, `to keep all of it${sockets}: check-image export IMAGE:PATH | ${tar}`];
  }
}
