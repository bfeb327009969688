/** The probability models of LZMA (lzma-specification.txt), as offsets into one array, and the properties that size them. */

const STATES = 12;
const POSITIONS = 16;
export const PROB_INIT = 1024;

/** Offsets of the models in one array, in the names of the specification. */
export const IS_MATCH = 0;
export const IS_REP = IS_MATCH + STATES * POSITIONS;
export const IS_REP_G0 = IS_REP + STATES;
export const IS_REP_G1 = IS_REP_G0 + STATES;
export const IS_REP_G2 = IS_REP_G1 + STATES;
export const IS_REP0_LONG = IS_REP_G2 + STATES;
export const POS_SLOT = IS_REP0_LONG + STATES * POSITIONS;
export const POS_SPECIAL = POS_SLOT + 4 * 64;
export const ALIGN = POS_SPECIAL + 128;
export const LEN = ALIGN + 16;
/** Inside a length coder: choice, choice2, then low and mid by position, then high. */
export const LEN_LOW = 2;
export const LEN_MID = LEN_LOW + POSITIONS * 8;
export const LEN_HIGH = LEN_MID + POSITIONS * 8;
export const REP_LEN = LEN + LEN_HIGH + 256;
export const LITERAL = REP_LEN + LEN_HIGH + 256;

export interface LzmaProperties {
  readonly lc: number;
  readonly lp: number;
  readonly pb: number;
}

/** `lc`, `lp` and `pb` from their one byte, or undefined if it is out of range. */
export function parseProperties(byte: number): LzmaProperties | undefined {
  if (byte >= 9 * 5 * 5) return undefined;
  return { lc: byte % 9, lp: Math.floor(byte / 9) % 5, pb: Math.floor(byte / 45) };
}
