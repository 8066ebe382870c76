// Checks that what reads from an encoder stands where there is one, and that a decoder reads from its encoder.
import type { CheckedCell } from '../language/cell.ts';
import { Problem } from '../protocol/problem.ts';
import { type Architecture, encoderOf, outputWidth } from '../tape/architecture.ts';

const isDecoder = ({ readsGiven, readsPositions }: CheckedCell): boolean => readsGiven || readsPositions;

/** @throws Problem when a cell reads from an encoder that is not there, or a decoder reads nothing of its source */
export function checkEncoder(architecture: Architecture): void {
  const { layers, encoder } = architecture;
  const lost = [...(encoder ? encoder.layers : layers)].find(({ cell }) => isDecoder(cell));
  if (lost)
    throw new Problem(
      encoder
        ? `The cell ${lost.cell.name} reads from an encoder, and stands in one: name it in \`model.layers\`, or another one in \`model.encoder\`.`
        : `The cell ${lost.cell.name} reads ${lost.cell.readsGiven ? '`given`' : '`m[s]`'} from an encoder, and there is none here: only an encoder-decoder has one. Take another cell${lost.cell.readsGiven ? ', or learn the first state: `h[0] = learned`' : ''}.`,
    );
  if (!encoder) return;
  const both = layers.find(({ bidirectional }) => bidirectional);
  if (both)
    throw new Problem(
      `A decoder writes from left to right: make \`both ${both.cell.name} ${both.hidden}\` of \`model.layers\` one direction.`,
    );
  const width = outputWidth(encoderOf(architecture)!);
  for (const { cell, hidden } of layers)
    if (
      cell.equations.some((equation) => equation.name === 'h' && equation.width === 'm') &&
      hidden !== width
    )
      throw new Problem(
        `The cell ${cell.name} is as wide as what the encoder writes (\`width h = m\`): make it \`${cell.name} ${width}\` in \`model.layers\`.`,
      );
  if (!layers.some(({ cell }) => isDecoder(cell)))
    throw new Problem(
      `The decoder reads nothing of the source: name a decoder in \`model.layers\`, such as \`AdditiveAttention 128\`, which is taken where nothing is said, or begin the cell ${layers[0].cell.name} at the source with \`h[0] = tanh(A given)\`.`,
    );
}
