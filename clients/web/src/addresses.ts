import type { ReadSource } from './api/entities.ts';

/** Addresses of the views; each brings its view back. */
export const addresses = {
  browse: (name = '') => (name === '' ? '/' : `/?${new URLSearchParams({ name })}`),
  entity: (id: string, source: ReadSource = 'data') =>
    `/entity?${new URLSearchParams(source === 'data' ? { id } : { id, read: 'record' })}`,
  edit: (id: string) => `/entity/edit?${new URLSearchParams({ id })}`,
  create: (name = '') => (name === '' ? '/new' : `/new?${new URLSearchParams({ name })}`),
  waiting: '/waiting',
  sessions: '/account',
} as const;
