import { type ConfigurationScope, workspace } from 'vscode';
import { type Settings, settingsSection } from '../../contributions.ts';
import { settingKinds, settingValue } from './settingKinds.ts';

export function setting<Name extends keyof Settings>(name: Name, scope?: ConfigurationScope): Settings[Name] {
  const configuration = workspace.getConfiguration(settingsSection, scope);
  const usual = configuration.inspect(name)?.defaultValue;
  return settingValue(settingKinds[name], configuration.get(name), usual) as Settings[Name];
}
