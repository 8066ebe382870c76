/** The block of a matrix product that stays in registers. */
export interface Tile {
  /** The number of columns, 8 or 16. */
  readonly columns: number;
  /** The largest number of rows: up to 6 with 8 columns, up to 4 with 16. */
  readonly rows: number;
}
