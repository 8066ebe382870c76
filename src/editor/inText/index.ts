// The commands that show what a model says about the text in the editor, and that generate text. They are a
// bundle of their own, which the extension loads when the first of these commands is run.
import type { LastText } from '../language/lastText.ts';
import { generateText } from './generate.ts';
import { type ReportSources, report } from './report.ts';
import { Tints } from './tints.ts';

export interface InText {
  /** @param hide whether to hide what is shown, whichever text is active; the status bar item passes true */
  showSurprise(hide?: boolean): Promise<void>;
  showUnit(hide?: boolean): Promise<void>;
  showTags(hide?: boolean): Promise<void>;
  generateText(): Promise<void>;
  report(): Promise<void>;
  dispose(): void;
}

export interface InTextParts extends ReportSources {
  readonly lastText: LastText;
}

export function createInText(sources: InTextParts): InText {
  const { models, inspector, diary, lastText } = sources;
  const tints = new Tints(models, inspector, diary);
  return {
    showSurprise: (hide) => tints.showSurprise(hide),
    showUnit: (hide) => tints.showUnit(hide),
    showTags: (hide) => tints.showTags(hide),
    generateText: () => generateText(models, inspector, diary, (document) => lastText.ignore(document)),
    report: () => report(sources),
    dispose: () => tints.dispose(),
  };
}
