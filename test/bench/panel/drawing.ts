// Measures what the panel costs a training, in a driven VS Code. Each round makes the same run with the panel shown, hidden behind
// another tab and closed, so that what else the machine does affects all three alike.
import { log, Session } from '../../e2e/session.ts';
import { median } from '../statistics.ts';

const seconds = 8;

const ways = ['shown', 'hidden', 'absent'] as const;
type Way = (typeof ways)[number];

/** Tokens per second of each round, by how the panel was. */
export type Speeds = Readonly<Record<Way, readonly number[]>>;

/** Returns the share of the training's speed that a panel costs, in percent: the median over the rounds. */
export const costOf = (speeds: Speeds, way: Way): number =>
  100 * (1 - median(speeds[way].map((speed, round) => speed / speeds.absent[round])));

export async function measureDrawing(rounds: number, say: (line: string) => void): Promise<Speeds> {
  await using session = await Session.start({ 'server.log': log(20_000), 'cover.txt': '' }, 'server.log', {
    'unroll.model.layers': 'LSTM 128, LSTM 128',
    'unroll.train.k1': 50,
    'unroll.train.k2': 50,
    'unroll.train.batch': 50,
    'unroll.train.learningRate': 0.003,
    'unroll.train.epochs': null,
    'unroll.train.seconds': seconds,
    'unroll.train.patience': null,
    'unroll.runs.kept': 1,
  });
  const { code } = session;
  const panelTab = code.tab('Unroll Training');

  /** Returns the tokens per second that the panel shows afterwards. */
  async function train(way: Way): Promise<number> {
    const { statusBar } = code;
    const text = code.tab('server.log');
    await text.click();
    await code.command('Unroll: Train on Current File');
    await statusBar.getByText(/tok\/s/).waitFor();
    await panelTab.click();
    // The file opens in the panel's group, so that it covers the panel.
    if (way === 'hidden') await code.open('cover.txt');
    if (way === 'absent') await code.command('View: Close Editor');
    if (way !== 'shown') await session.panel.locator('body').waitFor({ state: 'hidden' });
    // The speed is shown until the training ends, whatever text is in front.
    await statusBar.getByText(/tok\/s/).waitFor({ state: 'hidden', timeout: 0 });
    if (way === 'hidden') await code.command('View: Close Editor');
    await text.click();
    await code.command('Unroll: Show Training Panel');
    await session.status('ended');
    return Number((await session.figure('speed')).replace(/[^\d]/g, ''));
  }

  await train('shown');
  const speeds: Record<Way, number[]> = { shown: [], hidden: [], absent: [] };
  for (let round = 0; round < rounds; round++)
    for (const way of ways.map((_, index) => ways[(index + round) % ways.length])) {
      const speed = await train(way);
      speeds[way].push(speed);
      say(`round ${round + 1}, panel ${way}: ${speed.toLocaleString('en')} tokens/s`);
    }
  return speeds;
}
