import { type ConfigurationScope, workspace } from 'vscode';
import { type Settings, settingsSection, type WindowSetting } from '../../contributions.ts';
import { settingKinds, settingValue } from './settingKinds.ts';

export function setting<Name extends WindowSetting>(name: Name): Settings[Name];
/** @param scope the document that the value is for, whose folder may have one of its own; null where none is known */
export function setting<Name extends keyof Settings>(
  name: Name,
  scope: ConfigurationScope | null,
): Settings[Name];
export function setting<Name extends keyof Settings>(
  name: Name,
  scope: ConfigurationScope | null = null,
): Settings[Name] {
  const configuration = workspace.getConfiguration(settingsSection, scope);
  const usual = configuration.inspect(name)?.defaultValue;
  return settingValue(settingKinds[name], configuration.get(name), usual) as Settings[Name];
}
