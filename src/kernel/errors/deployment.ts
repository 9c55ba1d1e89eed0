import type { ErrorEntry } from './entry.ts';

/** What a deployment to an account, or its removal, meets. */
export const deploymentErrors = {
  'account-credentials-missing': {
    message: 'account: there are no credentials',
    remedy: 'Run aws configure or aws sso login, or set AWS_PROFILE, and run the command again.',
  },
  'account-profile-unusable': {
    message: 'account: the profile {profile}, which AWS_PROFILE names, has no credentials ({reason})',
    remedy:
      'Run aws configure or aws sso login with --profile {profile}, or name another; aws configure list-profiles says which there are.',
  },
  'account-credentials-expired': {
    message: 'account: the credentials have expired',
    remedy: 'Run aws sso login, or however you got them, and run the command again.',
  },
  'account-credentials-refused': {
    message: 'account: the credentials are not accepted in {region} ({reason})',
    remedy:
      'Check them with aws sts get-caller-identity --region {region}; a newer region has to be enabled first.',
  },
  'account-forbidden': {
    message: 'account: the credentials may not do this ({reason})',
    remedy: 'Use a role that may deploy with the CDK, and run the command again.',
  },
  'account-other': {
    message: 'account: {reason}',
    remedy: 'Use credentials of the account that was asked for, or leave --account out.',
  },
  'region-unreachable': {
    message: 'account: nothing answers at {host} ({reason})',
    remedy:
      'Check the region in blueprint.ts, or --endpoint-url, and the network, and run the command again.',
  },
  'account-unusable': {
    message: 'account: {host} answered what nobody could use ({reason})',
    remedy:
      'Run the command again; if it stays so, look at https://health.aws.amazon.com, or at --endpoint-url.',
  },
  'distribution-unknown': {
    message: 'account: of the distributions of {name} there should be one ({found} found)',
    remedy:
      'Run strata deploy first; where there are several, name one to aws cloudfront create-invalidation.',
  },
  'bootstrap-missing': {
    message: 'account: {region} is not prepared for deployments',
    remedy: 'Run strata deploy --bootstrap, once for an account and its regions.',
  },
  'container-engine-missing': {
    message: 'images: {engine} does not answer, and the images are built with it',
    remedy: 'Start it, or set CDK_DOCKER to another such as podman or finch.',
  },
  'image-failed': {
    message: 'images: one could not be built or pushed ({reason})',
    remedy: 'Correct it and run strata deploy again.',
  },
  'assembly-busy': {
    message: 'templates: another command works in {folder} (pid {pid})',
    remedy: 'Run the command again when that has ended.',
  },
  'stack-busy': {
    message: '{stack}: something else is changing it ({status})',
    remedy: 'It goes on by itself after an interruption: run {again} again when it is over.',
  },
  'stack-stuck': {
    message: '{stack}: is in the state {status} and takes no changes',
    remedy: 'Run {command}, then {again} again.',
  },
  'stack-protected': {
    message: '{stack}: is protected from deletion',
    remedy: 'It holds data: run strata destroy --delete-data if that is to go.',
  },
  'quota-exceeded': {
    message: '{stack}: {resource} exceeds a quota of the account ({reason})',
    remedy: 'Ask for more at https://console.aws.amazon.com/servicequotas, then run strata deploy again.',
  },
  'deployment-failed': {
    message: '{stack}: {reason}',
    remedy: 'The stack is as it was before. Correct the cause and run strata deploy again.',
  },
  'removal-failed': {
    message: '{stack}: {reason}',
    remedy: 'What is gone stays gone. Correct the cause and run strata destroy again, as you did.',
  },
  'deployment-interrupted': {
    message: 'deployment: interrupted; the account finishes by itself the stack it was at',
    remedy: 'Run strata deploy again: it goes on from there.',
  },
  'removal-interrupted': {
    message: 'destroy: interrupted; the account finishes by itself the stack it was at',
    remedy: 'Run strata destroy again, as you did: it goes on from there.',
  },
  'destroy-unconfirmed': {
    message: 'destroy: nothing was removed, because the name {name} was not typed',
    remedy: 'Run the command again and type it.',
  },
} as const satisfies Record<string, ErrorEntry>;
