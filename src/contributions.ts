// The names that package.json and the code share. A test compares the two.

export const commands = {
  train: 'unroll.train',
  trainOnSelection: 'unroll.trainOnSelection',
  trainOnFile: 'unroll.trainOnFile',
  trainOnFolder: 'unroll.trainOnFolder',
  stop: 'unroll.stop',
  pause: 'unroll.pause',
  resume: 'unroll.resume',
  rewind: 'unroll.rewind',
  extend: 'unroll.extend',
  showPanel: 'unroll.showPanel',
  showRun: 'unroll.showRun',
  compareRun: 'unroll.compareRun',
  compareCells: 'unroll.compareCells',
  trainAgain: 'unroll.trainAgain',
  continueRun: 'unroll.continueRun',
  useModel: 'unroll.useModel',
  stopUsingModel: 'unroll.stopUsingModel',
  renameModel: 'unroll.renameModel',
  openSource: 'unroll.openSource',
  exportModel: 'unroll.exportModel',
  importModel: 'unroll.importModel',
  deleteModel: 'unroll.deleteModel',
  deleteAll: 'unroll.deleteAll',
  toggleSuggestions: 'unroll.toggleSuggestions',
  newCell: 'unroll.newCell',
  trainWithCell: 'unroll.trainWithCell',
  checkGradients: 'unroll.checkGradients',
  trace: 'unroll.trace',
  showGraph: 'unroll.showGraph',
  showSurprise: 'unroll.showSurprise',
  showUnit: 'unroll.showUnit',
  generateText: 'unroll.generateText',
  fillColumn: 'unroll.fillColumn',
  showLabels: 'unroll.showLabels',
  rewriteSelection: 'unroll.rewriteSelection',
  showTags: 'unroll.showTags',
  report: 'unroll.report',
  getStarted: 'unroll.getStarted',
  openSample: 'unroll.openSample',
  openSampleTable: 'unroll.openSampleTable',
  openSampleSeries: 'unroll.openSampleSeries',
} as const;

/** The commands that are not for users: VS Code runs them after an event. */
export const internalCommands = {
  suggestionAccepted: 'unroll.suggestionAccepted',
  showRows: 'unroll.showRows',
  labelAccepted: 'unroll.labelAccepted',
} as const;

/** The context keys for `when` clauses. */
export const contexts = {
  /** Whether a run is under way, including a paused one. */
  training: 'unroll.training',
  paused: 'unroll.paused',
  /** Whether there is a run that can be extended, at least from its checkpoint. */
  extendable: 'unroll.extendable',
  /** Whether there is a run that can begin again. */
  rewindable: 'unroll.rewindable',
  /** Whether a suggestion has been accepted in this window. */
  accepted: 'unroll.accepted',
} as const;

/** The language id of `.rnn` files. */
export const languageId = 'rnn';

/** The ids of theme colours, from the weakest level to the strongest. */
export const colors = {
  surprise: ['unroll.surprise1', 'unroll.surprise2', 'unroll.surprise3', 'unroll.surprise4'],
  negative: ['unroll.negative1', 'unroll.negative2', 'unroll.negative3'],
  positive: ['unroll.positive1', 'unroll.positive2', 'unroll.positive3'],
  /** The hues of tags, which have no order. */
  tag: Array.from({ length: 10 }, (_, hue) => `unroll.tag${hue + 1}`),
  /** The colour of the lines that distinguish levels in high-contrast themes. */
  line: ['unroll.levelLine'],
} as const;

export const modelsView = 'unroll.models';

export const walkthrough = 'start';

export const panelViewType = 'unroll.panel';

/** The type of the webviews that show pictures of cells. */
export const cellPictureViewType = 'unroll.cell';

/** The settings by their names without the prefix `unroll.`. */
export interface Settings {
  'completion.enabled': boolean;
  /** The globs of files with secrets. */
  secrets: readonly string[];
  'completion.trigger': 'automatic' | 'explicit';
  'completion.learn': boolean;
  'completion.untrained': boolean;
  'completion.confidence': number;
  'completion.reading': number;
  'completion.maxLength': number;
  /** The number of runs that are kept of each text. */
  'runs.kept': number;
  /** The megabytes that all runs of the workspace may take up. */
  'runs.megabytes': number;
  'surprise.of': 'network' | 'company';
  'generate.length': number;
  'generate.temperature': number;
  'generate.topK': number;
  'generate.topP': number;
  'generate.seed': number | null;
}

/** The settings that are about a window as a whole: no folder of it has a value of its own. */
export const windowSettings = ['runs.kept', 'runs.megabytes'] as const satisfies readonly (keyof Settings)[];

export type WindowSetting = (typeof windowSettings)[number];

/** The settings that are options of a `model` or a `train` section, by their names in the table of options. */
export const optionNames = {
  model: ['tokens', 'embedding', 'layers', 'encoder', 'dropout', 'tied', 'direction', 'pool'],
  train: [
    'k1',
    'k2',
    'batch',
    'reset',
    'optimizer',
    'momentum',
    'momentumSchedule',
    'rho',
    'beta1',
    'beta2',
    'epsilon',
    'weightDecay',
    'penalty',
    'damping',
    'structuralDamping',
    'iterations',
    'learningRate',
    'warmup',
    'decay',
    'clipping',
    'threshold',
    'factor',
    'recover',
    'l1',
    'l2',
    'classWeights',
    'scheduledSampling',
    'dropoutSchedule',
    'seconds',
    'epochs',
    'patience',
    'seed',
  ],
} as const;

export const settingsSection = 'unroll';
