import { describe, expect, it } from 'vitest';
import { PieceBoard } from '../../../src/bytes/beside/piece-board.ts';

describe('the board of pieces', () => {
  it('tells what became of a piece', () => {
    const board = PieceBoard.create(3);
    board.finish(0);
    board.fail(1);
    expect([0, 1].map((piece) => board.await(piece, () => {}))).toEqual(['done', 'failed']);
    expect(board.wanted).toBeUndefined();
  });

  it('does not wait for ever for a decoder that is gone', () => {
    const board = PieceBoard.create(2);
    expect(board.await(1, () => {}, 200)).toBe('silent');
    expect(board.wanted).toBe(1);
  });

  it('waits on while other pieces are settled', () => {
    const board = PieceBoard.create(4);
    let glances = 0;
    const outcome = board.await(
      3,
      () => {
        if (glances < 3) board.finish(glances++);
        else board.finish(3);
      },
      200,
    );
    expect(outcome).toBe('done');
  });
});
