/**
 * What a reader and the decoders that run beside it tell each other, in shared memory: the state of each piece of the output,
 * and which piece the reader waits for. Everything here is synchronous, so a reader may wait in the middle of a read.
 */

const WAITING = 0;
const TAKEN = 1;
/** Settled from here on. */
const FAILED = 2;
/** And good. */
const DONE = 3;
/** And all zeroes: reading it would have the host make pages of them. */
const EMPTY = 4;

/** Cells before the states of the pieces. */
const TURN = 0;
const WANTED = 1;
/** How many pieces are settled. */
const SETTLED = 2;
const STATES = 3;

const NONE = -1;

/** Milliseconds in which no piece is settled before the decoders are taken for dead: one that ran out of memory cannot say so. */
const PATIENCE = 5 * 60 * 1000;
const GLANCE = 100;

export class PieceBoard {
  readonly memory: SharedArrayBuffer;
  /** Pieces, and the end. */
  readonly count: number;
  readonly #cells: Int32Array;

  constructor(memory: SharedArrayBuffer) {
    this.memory = memory;
    this.#cells = new Int32Array(memory);
    this.count = this.#cells.length - STATES;
  }

  /** A new board with nothing done. */
  static create(pieces: number): PieceBoard {
    const board = new PieceBoard(new SharedArrayBuffer(4 * (STATES + pieces + 1)));
    Atomics.store(board.#cells, WANTED, NONE);
    return board;
  }

  /** Settled like a piece: that all pieces are there and everything about them is verified. */
  get end(): number {
    return this.count - 1;
  }

  isDone(piece: number): boolean {
    return Atomics.load(this.#cells, STATES + piece) >= DONE;
  }

  /** Reader: waits for a piece, calling `meanwhile` ten times a second; what became of it. */
  await(piece: number, meanwhile: () => void, patience = PATIENCE): 'done' | 'failed' | 'silent' {
    if (this.isDone(piece)) return 'done';
    Atomics.store(this.#cells, WANTED, piece);
    this.#call();
    let settled = -1;
    let glances = 0;
    for (;;) {
      const state = Atomics.load(this.#cells, STATES + piece);
      if (state >= FAILED) return state === FAILED ? 'failed' : 'done';
      if (Atomics.wait(this.#cells, STATES + piece, state, GLANCE) !== 'timed-out') continue;
      meanwhile();
      const settledNow = Atomics.load(this.#cells, SETTLED);
      glances = settledNow === settled ? glances + 1 : 0;
      settled = settledNow;
      if (glances * GLANCE >= patience) return 'silent';
    }
  }

  /** Verifier: waits until a piece is settled; what became of it. */
  awaitSettled(piece: number): 'done' | 'empty' | 'failed' {
    for (;;) {
      const state = Atomics.load(this.#cells, STATES + piece);
      if (state === FAILED) return 'failed';
      if (state >= DONE) return state === EMPTY ? 'empty' : 'done';
      Atomics.wait(this.#cells, STATES + piece, state);
    }
  }

  /** Decoder: the piece that the reader waits for. */
  get wanted(): number | undefined {
    const piece = Atomics.load(this.#cells, WANTED);
    return piece === NONE || this.#isSettled(piece) ? undefined : piece;
  }

  /** Decoder: whether the piece is now its own to decode. */
  take(piece: number): boolean {
    return Atomics.compareExchange(this.#cells, STATES + piece, WAITING, TAKEN) === WAITING;
  }

  /** Decoder: the turn at which it looked for work, for `rest`. */
  get turn(): number {
    return Atomics.load(this.#cells, TURN);
  }

  /** Decoder: sleeps until something is wanted that was not at `turn`. */
  rest(turn: number): void {
    Atomics.wait(this.#cells, TURN, turn);
  }

  /** Decoder: the bytes of the piece are in the file; `isEmpty` if all are zero. */
  finish(piece: number, isEmpty = false): void {
    this.#settle(piece, isEmpty ? EMPTY : DONE);
  }

  /** Decoder: the piece will never be there; say why before. */
  fail(piece: number): void {
    this.#settle(piece, FAILED);
  }

  /** Decoder: no piece will be there that is not there yet. */
  failRest(): void {
    for (let piece = 0; piece < this.count; piece++) if (!this.#isSettled(piece)) this.fail(piece);
  }

  #isSettled(piece: number): boolean {
    return Atomics.load(this.#cells, STATES + piece) >= FAILED;
  }

  #settle(piece: number, state: number): void {
    Atomics.store(this.#cells, STATES + piece, state);
    Atomics.add(this.#cells, SETTLED, 1);
    Atomics.notify(this.#cells, STATES + piece);
  }

  #call(): void {
    Atomics.add(this.#cells, TURN, 1);
    Atomics.notify(this.#cells, TURN);
  }
}
