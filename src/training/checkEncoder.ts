// Checks that what reads from an encoder stands where there is one, and that a decoder reads from its encoder.
import type { CheckedCell } from '../language/cell.ts';
import { Problem } from '../protocol/problem.ts';
import type { Architecture } from '../tape/architecture.ts';

const isDecoder = ({ readsGiven }: CheckedCell): boolean => readsGiven;

/** @throws Problem when a cell reads from an encoder that is not there, or a decoder reads nothing of its source */
export function checkEncoder({ layers, encoder }: Architecture): void {
  const lost = [...(encoder ? encoder.layers : layers)].find(({ cell }) => isDecoder(cell));
  if (lost)
    throw new Problem(
      encoder
        ? `The cell ${lost.cell.name} reads from an encoder, and stands in one: name it in \`model.layers\`, or another one in \`model.encoder\`.`
        : `The cell ${lost.cell.name} reads \`given\`, and nothing is given here: an encoder-decoder gives it the encoder's end. Take another cell, or learn the first state: \`h[0] = learned\`.`,
    );
  if (!encoder) return;
  const both = layers.find(({ bidirectional }) => bidirectional);
  if (both)
    throw new Problem(
      `A decoder writes from left to right: make \`both ${both.cell.name} ${both.hidden}\` of \`model.layers\` one direction.`,
    );
  if (!layers.some(({ cell }) => isDecoder(cell)))
    throw new Problem(
      `The decoder reads nothing of the source: make a layer a \`DecoderGRU\`, or begin the cell ${layers[0].cell.name} at it with \`h[0] = tanh(A given)\`.`,
    );
}
