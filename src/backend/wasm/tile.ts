/** The block of a matrix product that stays in registers. */
export interface Tile {
  /** The number of columns, 8 or 16. */
  readonly columns: number;
  /** The largest number of rows, up to 6; 16 columns in more than 4 rows are fast with vectors of 256 bits alone. */
  readonly rows: number;
}
