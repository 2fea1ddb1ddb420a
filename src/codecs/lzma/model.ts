/**
 * Where each probability of the model stands in one array, for the encoder and the decoder. An array for each kind would
 * read better, but one saves the inner loops a load for each bit.
 */
export const STATES = 12;
export const POS_STATES_MAX = 16;
export const IS_MATCH = 0;
export const IS_REP: number = IS_MATCH + STATES * POS_STATES_MAX;
export const IS_REP0: number = IS_REP + STATES;
export const IS_REP1: number = IS_REP0 + STATES;
export const IS_REP2: number = IS_REP1 + STATES;
export const IS_REP0_LONG: number = IS_REP2 + STATES;
export const DIST_SLOT: number = IS_REP0_LONG + STATES * POS_STATES_MAX;
/** At `DIST_SPECIAL + base - slot` begins the tree of a slot. */
export const DIST_SPECIAL: number = DIST_SLOT + 4 * 64;
export const DIST_ALIGN: number = DIST_SPECIAL + 115;
export const MATCH_LEN: number = DIST_ALIGN + 16;
/** Within the model of a length. */
export const LEN_CHOICE = 0;
export const LEN_CHOICE2 = 1;
export const LEN_LOW = 2;
export const LEN_MID: number = LEN_LOW + POS_STATES_MAX * 8;
export const LEN_HIGH: number = LEN_MID + POS_STATES_MAX * 8;
export const LEN_PROBS: number = LEN_HIGH + 256;
export const REP_LEN: number = MATCH_LEN + LEN_PROBS;
export const LITERAL: number = REP_LEN + LEN_PROBS;

export const MATCH_LEN_MIN = 2;
export const MATCH_LEN_MAX = 273;

/** Literal context bits, literal position bits, position bits. */
export interface Props {
  readonly lc: number;
  readonly lp: number;
  readonly pb: number;
}

export const DEFAULT_PROPS: Props = { lc: 3, lp: 0, pb: 2 };

/** The byte that stands for them. */
export function propsByte({ lc, lp, pb }: Props): number {
  return (pb * 5 + lp) * 9 + lc;
}

/** What a byte stands for; `undefined` if for nothing that LZMA2 and `liblzma` take. */
export function readProps(byte: number): Props | undefined {
  const lc = byte % 9;
  const lp = Math.floor(byte / 9) % 5;
  const pb = Math.floor(byte / 45);
  return pb > 4 || lc + lp > 4 ? undefined : { lc, lp, pb };
}

export function probCount({ lc, lp }: Props): number {
  return LITERAL + (0x300 << (lc + lp));
}
