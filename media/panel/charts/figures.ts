// The panel's charts with their captions.
import { languageModelMeasures, type Measures, type Metric, metricOf } from '../../../src/protocol/metric.ts';
import type { FigureWords, Saving } from '../figure/frame.ts';
import { t } from '../words/l10n.ts';
import { nameAndUnit, term } from '../words/metricText.ts';
import { Figure } from './figure.ts';
import type { Link } from './link.ts';

export class Figures {
  readonly loss: Figure;
  /** The run's metric; hidden where a run is judged by its loss. */
  readonly metric: Figure;
  readonly gradient: Figure;
  readonly lag: Figure;
  readonly strip: Figure;
  readonly freeRunning: Figure;

  /** @param state chooses the state that the strip shows */
  constructor(link: Link, actions: Saving, state: HTMLElement) {
    this.loss = new Figure({ name: 'loss', zooms: true, ...lossWords(languageModelMeasures) }, link, actions);
    const metric = metricWords(metricOf(languageModelMeasures));
    this.metric = new Figure({ name: 'metric', zooms: true, ...metric }, link, actions);
    this.gradient = new Figure(
      {
        name: 'gradient',
        zooms: true,
        caption: t('Gradient norm'),
        label: t('Norm of the gradient before and after clipping, by step'),
      },
      link,
      actions,
    );
    this.lag = new Figure(
      {
        name: 'lag',
        zooms: false,
        caption: t('Gradient by lag'),
        label: t('Norm of the gradient of one step’s loss with respect to each state, by steps back'),
      },
      link,
      actions,
    );
    this.strip = new Figure(
      {
        name: 'strip',
        zooms: true,
        caption: t('Gradient by lag over the training'),
        label: t(
          'The gradient by lag, relative to that at lag 0, with a bar at the step of each measurement: pale has vanished, red explodes',
        ),
      },
      link,
      actions,
      state,
    );
    this.freeRunning = new Figure(
      {
        name: 'freeRunning',
        zooms: false,
        caption: t('Teacher forcing and free running'),
        label: t(
          'Mean loss by tokens after a passage: reading the true text, and reading what the network wrote itself',
        ),
      },
      link,
      actions,
    );
  }
}

export function lossWords({ lossUnit }: Measures): FigureWords {
  return {
    caption: t('Loss'),
    label: t('Loss of training and validation in {0}, by step', term(lossUnit)),
  };
}

export function metricWords(metric: Metric): FigureWords {
  const name = term(metric.name);
  const what = nameAndUnit(metric);
  return {
    caption: name.charAt(0).toUpperCase() + name.slice(1),
    label: metric.lowerIsBetter
      ? t('Validation: {0}, by step; lower is better', what)
      : t('Validation: {0}, by step; higher is better', what),
  };
}
