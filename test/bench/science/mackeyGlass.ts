// The Mackey-Glass equation (Mackey & Glass 1977) with τ = 17, by the recipe of Jaeger (2001): integrated in steps of
// 0.1 by the fourth-order method of Runge and Kutta, read off at every whole time, and squeezed by y = tanh(x - 1).

/** The steps that the readout is solved for, and how far ahead it is then tried (Jaeger 2001). */
export const trainingSteps = 3000;
export const horizon = 84;

/** A reservoir of 400 leaky units, whose bias tells apart what a symmetric function would not. */
export const reservoir = `cell Reservoir
  h[t] = (1 - leak) * h[t-1] + leak * tanh(W x[t] + U h[t-1] + b)
  leak = 0.5
  init U = sparse(0.02) radius 0.95
  init W = uniform(0.5)
  init b = uniform(0.2)
  fixed W, U, b

model
  layers = Reservoir 400

train
  optimizer = ridge
  penalty = 1e-7
`;

const delay = 17;
const perUnit = 10;

/** @param from the value before time 0, which a seed may shift @returns the squeezed values from time 1,000 on */
export function mackeyGlass(count: number, from: number): Float64Array {
  const skipped = 1000;
  const back = delay * perUnit;
  const total = (skipped + count) * perUnit;
  const values = new Float64Array(back + total + 1).fill(from, 0, back + 1);
  const slope = (x: number, delayed: number) => (0.2 * delayed) / (1 + delayed ** 10) - 0.1 * x;
  const step = 1 / perUnit;
  for (let i = back; i < back + total; i++) {
    const [x, start, end] = [values[i], values[i - back], values[i - back + 1]];
    // The delayed value between two steps is taken on the line between them.
    const middle = (start + end) / 2;
    const a = slope(x, start);
    const b = slope(x + (step / 2) * a, middle);
    const c = slope(x + (step / 2) * b, middle);
    const d = slope(x + step * c, end);
    values[i + 1] = x + (step / 6) * (a + 2 * b + 2 * c + d);
  }
  return Float64Array.from({ length: count }, (_, t) =>
    Math.tanh(values[back + (skipped + t) * perUnit] - 1),
  );
}
