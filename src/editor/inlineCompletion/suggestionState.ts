// Counts the suggestions of this window and how many were accepted, for the status bar only.
import { commands, type Disposable, EventEmitter, l10n } from 'vscode';
import { contexts, internalCommands, commands as names } from '../../contributions.ts';
import { Markdown, markdown } from '../ui/markdown.ts';

export class Suggestions implements Disposable {
  readonly #changes = new EventEmitter<void>();
  readonly #resumes = new EventEmitter<void>();
  readonly #commands: Disposable[];
  #paused = false;
  #shown = 0;
  #accepted = 0;
  #saved = 0;

  readonly onDidChange = this.#changes.event;
  readonly onDidResume = this.#resumes.event;

  constructor() {
    this.#commands = [
      commands.registerCommand(names.toggleSuggestions, () => {
        this.#paused = !this.#paused;
        this.#changes.fire();
        if (!this.#paused) this.#resumes.fire();
      }),
      commands.registerCommand(internalCommands.suggestionAccepted, (characters: number) => {
        this.#accepted++;
        void commands.executeCommand('setContext', contexts.accepted, true);
        // Accepting costs one key.
        this.#saved += characters - 1;
        this.#changes.fire();
      }),
    ];
  }

  get paused(): boolean {
    return this.#paused;
  }

  show(): void {
    this.#shown++;
    this.#changes.fire();
  }

  get summary(): Markdown {
    const counts = l10n.t(
      'Suggestions: {0} shown, {1} accepted, {2} characters saved.',
      this.#shown,
      this.#accepted,
      this.#saved,
    );
    const what = this.#paused ? l10n.t('Resume suggestions') : l10n.t('Pause suggestions');
    return markdown`${counts} [${what}](${new Markdown(`command:${names.toggleSuggestions}`)})`;
  }

  dispose(): void {
    for (const command of this.#commands) command.dispose();
    this.#changes.dispose();
    this.#resumes.dispose();
  }
}
