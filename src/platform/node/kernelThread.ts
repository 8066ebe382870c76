// A thread of the training: it gets its part of a team's setup and works until it is told to stop.
import { parentPort } from 'node:worker_threads';
import type { TeamSetup } from '../../backend/wasm/setup.ts';
import { work } from '../../backend/wasm/team.ts';

parentPort!.once('message', ({ setup, part }: { setup: TeamSetup; part: number }) => work(setup, part));
