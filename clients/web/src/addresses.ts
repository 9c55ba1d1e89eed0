/** Addresses of the views; each brings its view back. */
export const addresses = {
  browse: (name = '') => (name === '' ? '/' : `/?${new URLSearchParams({ name })}`),
  entity: (id: string) => `/entity?${new URLSearchParams({ id })}`,
  edit: (id: string) => `/entity/edit?${new URLSearchParams({ id })}`,
  create: (name = '') => (name === '' ? '/new' : `/new?${new URLSearchParams({ name })}`),
  waiting: '/waiting',
  sessions: '/account',
} as const;
