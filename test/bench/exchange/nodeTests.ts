// The node tests of ONNX for LSTM, GRU and RNN, which Debian has as a package (`libonnx-testdata`).
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine } from '../../../src/backend/engine.ts';
import { readTensor } from '../../../src/export/onnx/constants.ts';
import { decodeModel, decodeTensor, encodeModel } from '../../../src/export/onnx/format.ts';
import { Problem } from '../../../src/protocol/problem.ts';
import { isDirected, runDirected } from '../../export/directedOperators.ts';
import { furthest } from '../../export/networks.ts';
import { runOperator } from '../../export/operators.ts';

const packageName = 'libonnx-testdata';
const folder = '/usr/share/libonnx-testdata/data/node';

export interface NodeTest {
  readonly name: string;
  /** The largest difference from what the test expects; null where the node cannot be said here. */
  readonly difference: number | null;
  /** Why it cannot be said. */
  readonly reason: string | null;
}

/** Installs the tests where they are missing and there is apt. @returns false where there are none */
export function haveNodeTests(): boolean {
  if (existsSync(folder)) return true;
  const installed = spawnSync('apt-get', ['install', '-y', '--no-install-recommends', packageName], {
    stdio: 'ignore',
  });
  return installed.status === 0 && existsSync(folder);
}

export async function runNodeTests(engine: Engine): Promise<readonly NodeTest[]> {
  const names = globSync('test_{lstm,gru,rnn,simple_rnn}_*', { cwd: folder }).toSorted();
  const tests: NodeTest[] = [];
  for (const name of names) tests.push(await runNodeTest(engine, name));
  return tests;
}

async function runNodeTest(engine: Engine, name: string): Promise<NodeTest> {
  const read = (file: string) => decodeTensor(readFileSync(join(folder, name, 'test_data_set_0', file)));
  const model = decodeModel(readFileSync(join(folder, name, 'model.onnx')));
  const graph = model.graph!;
  const [x, ...others] = graph.inputs.map((_, index) => readTensor(read(`input_${index}.pb`)));
  // The tests give the weights as inputs.
  for (const [index] of others.entries())
    graph.initializers.push({ ...read(`input_${index + 1}.pb`), name: graph.inputs[index + 1].name });
  const [node] = graph.nodes;
  try {
    const bytes = encodeModel(model);
    const sequence = { dims: x.shape, data: Float32Array.from(x.data) };
    const found = isDirected(model)
      ? runDirected(engine, bytes, sequence)
      : await runOperator(bytes, sequence);
    const differences = graph.outputs.map((output, index) => {
      const wanted = Float32Array.from(readTensor(read(`output_${index}.pb`)).data);
      return furthest(found[node.outputs.indexOf(output.name)].data, wanted);
    });
    return { name, difference: Math.max(...differences), reason: null };
  } catch (error) {
    if (error instanceof Problem) return { name, difference: null, reason: error.message };
    throw error;
  }
}
