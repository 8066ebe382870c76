/** The block of a matrix product that stays in registers. */
export interface Tile {
  /** Columns, 8 or 16. */
  readonly columns: number;
  /** Rows at most: 6 of 8 columns, 4 of 16. */
  readonly rows: number;
}
