// The lines of a run's charts: its own, those of its baselines, and those of the earlier runs that are drawn under them.
import type { Measures } from '../../../src/protocol/metric.ts';
import type { EarlierRun } from '../../../src/protocol/panel.ts';
import type { RunPoints, RunSnapshot } from '../../../src/protocol/run.ts';
import type { Theme } from '../figure/theme.ts';
import { labels, sharesLoss, sharesMetric, shownMeasures } from '../tables/comparison.ts';
import { t } from '../words/l10n.ts';
import { term } from '../words/metricText.ts';
import { dashes, type OtherLag } from './lag.ts';
import { statesOf } from './lagText.ts';
import type { Series, XY } from './series.ts';
import { baselineDashes, faint, type Line, line, marks } from './style.ts';

/** A value that a run is compared with, and its line across the chart, which grows with the run. */
interface Baseline {
  readonly name: string;
  readonly value: number;
  readonly points: XY[];
}

/** An earlier run as it is drawn: a pair of colour and dash is its own. */
interface DrawnRun {
  readonly run: RunSnapshot;
  readonly label: string;
  readonly color: string;
  readonly dash: Line['style'];
}

const validated = { pointRadius: 2.5, pointStyle: 'rectRot' } as const;

export class RunLines {
  readonly measures: Measures;
  /** The run's name; the earlier runs have theirs. */
  readonly #name: string;
  readonly #run: RunSnapshot;
  readonly #earlier: readonly DrawnRun[];
  readonly #baselines: readonly Baseline[];
  /** The validation loss and the metric of the best state, one point of each where it is known. */
  readonly #best: { readonly loss: XY[]; readonly metric: XY[] } = { loss: [], metric: [] };
  readonly #series: Series;
  readonly #theme: Theme;

  constructor(run: RunSnapshot, earlier: readonly EarlierRun[], series: Series, theme: Theme) {
    this.#run = run;
    this.#series = series;
    this.#theme = theme;
    this.#baselines = (run.start?.baselines ?? []).map((each) => ({ ...each, points: [] }));
    const others = earlier.map((each) => each.run);
    this.measures = shownMeasures(run, others);
    const [name, ...names] = labels([run, ...others]);
    this.#name = name;
    // There are as many pairs of colour and dash as the product of both counts.
    this.#earlier = others.map((other, index) => ({
      run: other,
      label: names[index],
      color: theme.several[(index + 1) % theme.several.length],
      dash: { borderDash: dashes[1 + (index % (dashes.length - 1))] },
    }));
  }

  /** Returns a line's name, which says among several runs whose it is. */
  readonly own = (text: string): string => (this.#earlier.length > 0 ? `${this.#name}: ${text}` : text);

  /** The first measurement of the gradient by lag of each earlier run that has one. */
  get otherLags(): OtherLag[] {
    return this.#earlier.flatMap(({ label, run: { points } }) => {
      const [probe] = points.probes;
      return probe ? [{ label, probe, state: statesOf(points)[0] }] : [];
    });
  }

  /** The number of steps of the longest earlier run. */
  get longest(): number {
    return Math.max(0, ...this.#earlier.map(({ run }) => run.points.steps.at(-1)?.step ?? 0));
  }

  /** The highest loss with which one of the runs began. */
  get firstLoss(): number {
    const runs = [this.#run, ...this.#earlier.map(({ run }) => run)];
    return Math.max(...runs.map(({ points }) => points.steps[0]?.loss ?? 0));
  }

  loss(): Line[] {
    const { validation, freeRunning, smoothed, loss } = this.#series;
    const { own } = this;
    const { foreground, training, validation: color } = this.#theme;
    const dashed = { ...validated, borderDash: [8, 3] };
    return [
      bestMark(own(t('best')), this.#best.loss, foreground),
      line(own(t('validation')), validation, color, validated),
      ...(this.#run.start?.task === 'encoder-decoder'
        ? [line(own(t('validation, free running')), freeRunning, color, dashed)]
        : []),
      line(own(t('training')), smoothed, training),
      line(own(t('training, each step')), loss, faint(training), { borderWidth: 1 }),
      ...(this.measures.metric ? [] : this.#baselineLines()),
      ...this.#under(sharesLoss, ({ validations }) => validations.map(({ step: x, loss: y }) => ({ x, y }))),
    ];
  }

  metric(): Line[] {
    const { foreground, validation } = this.#theme;
    return [
      bestMark(this.own(t('best')), this.#best.metric, foreground),
      line(this.own(t('validation')), this.#series.metric, validation, validated),
      ...this.#baselineLines(),
      ...this.#under(sharesMetric, ({ validations }) =>
        validations.flatMap(({ step: x, metric: y }) => (y === undefined ? [] : [{ x, y }])),
      ),
    ];
  }

  gradient(): Line[] {
    const { norm, threshold, clipped } = this.#series;
    const { gradient, clipped: clippedColor, reference } = this.#theme;
    return [
      line(this.own(t('before clipping')), norm, gradient),
      // It is drawn behind the other line, and is seen where it differs.
      line(this.own(t('after clipping')), clipped, clippedColor, { borderWidth: 1 }),
      line(t('clipping threshold'), threshold, reference, { borderDash: [8, 4] }),
      ...this.#under(sharesLoss, ({ steps }) => steps.map(({ step: x, gradientNorm: y }) => ({ x, y }))),
    ];
  }

  /** Moves the marks of the best point, and draws the baselines as far as the run goes. */
  update(): void {
    const { last, best, bestMetric } = this.#series;
    this.#best.loss.splice(0, 1, ...(best ? [best] : []));
    this.#best.metric.splice(0, 1, ...(bestMetric ? [bestMetric] : []));
    for (const { value: y, points } of this.#baselines)
      points.splice(0, points.length, { x: 0, y }, { x: Math.max(1, last), y });
  }

  #baselineLines(): Line[] {
    return this.#baselines.map(({ name, points }, index) =>
      line(term(name), points, this.#theme.reference, {
        borderDash: baselineDashes[index % baselineDashes.length],
      }),
    );
  }

  /** Returns a line for each earlier run whose values are in the unit of this one's. */
  #under(
    isDrawn: (measures: Measures, other: RunSnapshot) => boolean,
    pointsOf: (points: RunPoints) => XY[],
  ): Line[] {
    return this.#earlier
      .filter(({ run }) => isDrawn(this.measures, run))
      .map(({ label, color, dash, run: { points } }) => line(label, pointsOf(points), color, dash));
  }
}

const bestMark = (label: string, points: readonly XY[], color: string): Line =>
  line(label, points, color, { ...marks('circle', 6), backgroundColor: 'transparent' });
