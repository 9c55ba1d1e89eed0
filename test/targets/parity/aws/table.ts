import type { Settings } from '../settings.ts';
import { tableSettingsOf } from '../table-definition.ts';
import { resourceOf, type Templates } from './templates.ts';

/** What the template says of the lookup table. */
export function tableSettings(templates: Templates): Settings {
  return tableSettingsOf(resourceOf(templates, 'table', 'AWS::DynamoDB::Table'));
}
