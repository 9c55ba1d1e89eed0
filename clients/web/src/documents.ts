/** A page of the client as the origin has it: one document a route, so that each has an address, a title and a 404. */
export interface PageDocument {
  /** The route's path; the document is the `index.html` below it. */
  readonly path: string;
  readonly title: string;
  readonly description: string;
  /** The route's own module below `pages`, which its document has fetched together with the entry. */
  readonly module?: string;
}

const description =
  'A cloud-native platform you can look into: browse and edit its entities, and see which layer answered and how long each took.';

/** Every page of the client. */
export const documents = [
  { path: '/', title: 'Entities', description, module: 'browse-page' },
  {
    path: '/entity',
    title: 'Entity',
    description: 'One entity, and which layer of the platform answered.',
    module: 'entity-page',
  },
  {
    path: '/entity/edit',
    title: 'Edit',
    description: 'Change the name and the attributes of an entity.',
    module: 'edit-page',
  },
  { path: '/new', title: 'New entity', description: 'Create an entity.', module: 'create-page' },
  {
    path: '/waiting',
    title: 'Waiting changes',
    description: 'Changes that this device will send.',
    module: 'waiting-page',
  },
  {
    path: '/account',
    title: 'Your sessions',
    description: 'Where you are signed in.',
    module: 'sessions-page',
  },
  { path: '/signed-in', title: 'Signed in', description: 'You are signed in.' },
  { path: '/signed-out', title: 'Signed out', description: 'You are signed out.', module: 'signed-out-page' },
] as const satisfies readonly PageDocument[];

/** What the edge answers where there is no file. */
export const missing: PageDocument = {
  path: '/404',
  title: 'Not found',
  description: 'There is nothing at this address.',
  module: 'missing-page',
};

/** The title of a page as the browser shows it. */
export function titleOf(page: string): string {
  return `${page} · Strata`;
}
