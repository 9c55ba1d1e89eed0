import type { Finding, FoundResource } from '../found-resource.ts';
import { type KubernetesObject, titleOf } from './object.ts';
import type { Subject } from './resource.ts';
import { version1 } from './version-1.ts';
import { version2 } from './version-2.ts';

/** Makes App Mesh resources of an object. */
export type Converter = (subject: Subject) => FoundResource[];

const versions = new Map([
  ['v1beta1', new Map(Object.entries(version1))],
  ['v1beta2', new Map(Object.entries(version2))],
]);

/** What makes resources of an object of App Mesh's, or why nothing does. */
export function converterOf(object: KubernetesObject): Converter | Finding {
  const { version, kind, name, spec, locate } = object;
  const refuse = (code: string, message: string, path: string[], remedy: string): Finding => ({
    severity: 'error',
    code: `kubernetes-${code}`,
    message: `${message}; it is left out`,
    origin: locate(path),
    remedy,
  });
  const converter = versions.get(version)?.get(kind);
  if (converter === undefined) {
    return versions.get('v1beta2')?.has(kind)
      ? refuse(
          'version-unknown',
          `there is no ${kind} in version ${version} of appmesh.k8s.aws`,
          ['apiVersion'],
          'Write it as apiVersion: appmesh.k8s.aws/v1beta2.',
        )
      : refuse('kind-unknown', `App Mesh has no ${kind}`, ['kind'], `Write one of ${kindsText}.`);
  }
  if (name === '') {
    return refuse('name-missing', `this ${kind} has no name`, ['metadata'], 'Give it metadata.name.');
  }
  if (!object.hasFittingSpec) {
    return refuse(
      'spec-invalid',
      `the spec of ${titleOf(object)} is no object`,
      ['spec'],
      'Correct it there.',
    );
  }
  if (version === 'v1beta1' && kind !== 'Mesh' && !spec.meshName) {
    return refuse(
      'mesh-missing',
      `${titleOf(object)} names no mesh, which v1beta1 asks for`,
      ['spec'],
      'Give it spec.meshName.',
    );
  }
  return converter;
}

const kindsText = Object.keys(version2).join(', ');
