/** Values somebody gave with `--set NAME=value`, or for one file only with `--set FILE:NAME=value`. */
export type Values = ReadonlyMap<string, string>;

/** A value, and the key it was given under. */
export interface Given {
  readonly key: string;
  readonly value: string;
}

/**
 * The value of a name in a file. One that was given for the file goes before one for all files; a file is named by
 * its path, its last part, or that without what follows its first dot.
 */
export function givenValue(values: Values, file: string, name: string): Given | undefined {
  return keysOf(file, name)
    .map((key) => ({ key, value: values.get(key) }))
    .find((given): given is Given => given.value !== undefined);
}

/** The value of a name that was given for this file and no other. */
export function givenInFile(values: Values, file: string, name: string): Given | undefined {
  const given = givenValue(values, file, name);
  return given?.key === name ? undefined : given;
}

/** What to write to give a name a value in all files. */
export function settingOf(name: string, value = 'value'): string {
  const setting = `${name}=${value}`;
  return /^[\w=.-]+$/.test(setting) ? `--set ${setting}` : `--set '${setting}'`;
}

/** What to write to give a name a value in one file. */
export function fileSettingOf(file: string, name: string, value = 'value'): string {
  return settingOf(`${baseOf(file)}:${name}`, value);
}

/** The last part of a path. */
export function baseOf(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1);
}

/** The last part of a path, without what tells the kind of file: `a/front-vn.json.template` is `front-vn`. */
export function stemOf(file: string): string {
  return baseOf(file).replace(/(?<=.)\.(json|jsonc|ya?ml|template|tpl|tmpl|j2|jq|txt)(?=\.|$)/gi, '');
}

function keysOf(file: string, name: string): string[] {
  const scopes = [file, baseOf(file), stemOf(file)];
  return [...scopes.map((scope) => `${scope}:${name}`), name];
}
