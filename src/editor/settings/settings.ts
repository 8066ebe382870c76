import { type ConfigurationScope, workspace } from 'vscode';
import { type Settings, settingsSection } from '../../contributions.ts';

export function setting<Name extends keyof Settings>(name: Name, scope?: ConfigurationScope): Settings[Name] {
  return workspace.getConfiguration(settingsSection, scope).get(name)!;
}
