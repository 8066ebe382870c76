// The commands of the walkthrough 'Get Started with Unroll': one opens it, the others open samples.
import { commands, Disposable, Uri } from 'vscode';
import { commands as names, walkthrough } from '../../contributions.ts';
import type { SampleText } from './sampleText.ts';

/** The file of each sample, and the language that it is shown in. */
const samples = {
  openSample: ['greenhouse.log', 'log'],
  openSampleTable: ['messages.csv', 'plaintext'],
  openSampleSeries: ['climate.csv', 'plaintext'],
} as const;

/**
 * @param id the extension's id
 * @param root the extension's folder
 */
export function registerWalkthrough(id: string, root: Uri): Disposable {
  const shown = (name: keyof typeof samples) => {
    const [file, language] = samples[name];
    const load = async () => {
      const { SampleText } = await import('./sampleText.ts');
      return new SampleText(Uri.joinPath(root, 'media', 'walkthrough', file), language);
    };
    let sample: Promise<SampleText> | null = null;
    return commands.registerCommand(names[name], async () => {
      sample ??= load();
      return (await sample).show();
    });
  };
  return Disposable.from(
    commands.registerCommand(names.getStarted, () =>
      commands.executeCommand('workbench.action.openWalkthrough', `${id}#${walkthrough}`),
    ),
    shown('openSample'),
    shown('openSampleTable'),
    shown('openSampleSeries'),
  );
}
