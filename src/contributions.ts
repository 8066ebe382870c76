// Every name that package.json and the code share. A test holds the two together.

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
  report: 'unroll.report',
  getStarted: 'unroll.getStarted',
  openSample: 'unroll.openSample',
} as const;

/** Commands that are nobody's to call: VS Code does when something has happened. */
export const internalCommands = {
  suggestionAccepted: 'unroll.suggestionAccepted',
} as const;

/** Context keys, for `when` clauses. */
export const contexts = {
  /** A run is under way, if only paused. */
  training: 'unroll.training',
  paused: 'unroll.paused',
  /** There is a run that can go on for longer, if only from its checkpoint. */
  extendable: 'unroll.extendable',
  /** There is one that can begin again. */
  rewindable: 'unroll.rewindable',
  /** A suggestion has been accepted in this window. */
  accepted: 'unroll.accepted',
} as const;

/** Of `.rnn` files. */
export const languageId = 'rnn';

/** Theme colours, from the weakest to the strongest. */
export const colors = {
  surprise: ['unroll.surprise1', 'unroll.surprise2', 'unroll.surprise3', 'unroll.surprise4'],
  negative: ['unroll.negative1', 'unroll.negative2', 'unroll.negative3'],
  positive: ['unroll.positive1', 'unroll.positive2', 'unroll.positive3'],
  /** Of the lines that tell levels apart in high contrast. */
  line: ['unroll.levelLine'],
} as const;

export const modelsView = 'unroll.models';

export const walkthrough = 'start';

export const panelViewType = 'unroll.panel';

/** Settings by their names without the prefix `unroll.`. */
export interface Settings {
  'completion.enabled': boolean;
  /** Globs. */
  secrets: readonly string[];
  'completion.trigger': 'automatic' | 'explicit';
  'completion.learn': boolean;
  'completion.confidence': number;
  'completion.maxLength': number;
  /** Of a text. */
  'runs.kept': number;
  /** Of the workspace. */
  'runs.megabytes': number;
  'surprise.of': 'network' | 'company';
  'generate.length': number;
  'generate.temperature': number;
  'generate.topK': number;
  'generate.topP': number;
  'generate.seed': number | null;
}

export const settingsSection = 'unroll';
