import type { Settings } from '../settings.ts';
import { sessionTableSettingsOf } from '../table-definition.ts';
import { type Properties, resourceOf, resourcesOf, type Templates } from './templates.ts';

/** What the templates say of sessions: their table, what their function is told, and what the user pool gives. */
export function sessionSettings(templates: Templates): Settings {
  const table = resourceOf(templates, 'sessions', 'AWS::DynamoDB::Table');
  const { idle, absolute, leeway } = functionSettings(templates);
  const clients = Object.values(resourcesOf(templates, 'clients', 'AWS::Cognito::UserPoolClient'));
  const web = clients.find(({ ClientName }) => ClientName === 'web') ?? {};
  const refreshed = Number(web.RefreshTokenValidity) * 1000;
  return {
    ...sessionTableSettingsOf(table, table.TimeToLiveSpecification as { AttributeName: string }),
    'data.sessions.idle': idle,
    'data.sessions.absolute': absolute === refreshed ? absolute : [absolute, refreshed],
    'data.sessions.leeway': leeway,
    'data.sessions.accessToken': Number(web.AccessTokenValidity) * 1000,
  };
}

/** The settings in the function's environment; what is known at deployment only stands as a text in it. */
function functionSettings(templates: Templates) {
  const functions = Object.values(resourcesOf(templates, 'gateway', 'AWS::Lambda::Function'));
  const variables = functions.map(
    ({ Environment }) => (Environment as { readonly Variables?: Properties } | undefined)?.Variables ?? {},
  );
  const found = variables.find(({ SESSION_SETTINGS: settings }) => settings !== undefined)?.SESSION_SETTINGS;
  const {
    'Fn::Join': [, parts],
  } = found as { readonly 'Fn::Join': readonly [string, readonly unknown[]] };
  return JSON.parse(parts.map((part) => (typeof part === 'string' ? part : 'known-later')).join('')) as {
    readonly idle: number;
    readonly absolute: number;
    readonly leeway: number;
  };
}
