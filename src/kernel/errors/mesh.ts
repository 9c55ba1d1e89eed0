import type { ErrorEntry } from './entry.ts';

/** What an import of meshes meets. */
export const meshErrors = {
  'mesh-empty': {
    message: 'mesh: nothing of App Mesh in {count}',
    remedy:
      'Give CloudFormation templates, AWS CLI specifications or Kubernetes resources, or folders of them.',
  },
  'mesh-several': {
    message: 'mesh: the documents hold several meshes ({names}), and a blueprint has one',
    remedy: 'Add --mesh NAME, or give the documents of one.',
  },
  'mesh-unknown': {
    message: 'mesh: the documents hold no mesh {name}; there is {names}',
    remedy: 'Correct --mesh, or leave it out.',
  },
  'mesh-unresolved': {
    message: 'mesh: {count} could not be resolved',
    remedy: 'Do what is said above for each, or add --allow-partial to go on without; nothing was written.',
  },
  'mesh-certificate-elsewhere': {
    message: 'mesh: {proxy} needs {name}, which is not to be had on this machine',
    remedy: 'Name files in its place, or leave certificates to the platform with mutualTls: true.',
  },
  'mesh-rejected': {
    message: 'mesh: Envoy does not accept the configuration of {name} ({reason})',
    remedy: 'Nothing was written.',
  },
  'folder-occupied': {
    message: 'mesh: {path} holds {name}, which this command did not write',
    remedy: 'Give a new or an empty folder.',
  },
  'output-unwritable': {
    message: 'mesh: {path} cannot be written ({reason})',
    remedy: 'Give a folder you may write to.',
  },
} as const satisfies Record<string, ErrorEntry>;
