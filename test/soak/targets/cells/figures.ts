// The figures of all cells that were checked.
export type Figures = Record<
  | 'accepted'
  | 'rejected'
  | 'not finite'
  | 'at a kink'
  | 'at a singular point'
  | 'differences that do not settle'
  | 'directions'
  | 'ill-conditioned'
  | 'worst gradient'
  | 'worst difference of engines'
  | 'longest, ms',
  number
>;
