import { type ComponentType, lazy, useState } from 'react';

/** A page whose code is fetched when it is needed. */
export interface Page {
  /** Fetches its code, so that it is drawn at once. */
  readonly fetched: () => Promise<unknown>;
  /** What draws it: the page itself once its code is there, else what waits for that. */
  readonly component: () => ComponentType;
}

/** Makes a page of what imports its module. */
export function createPage(load: () => Promise<{ readonly default: ComponentType }>): Page {
  let known: ComponentType | undefined;
  const fetched = async () => {
    const module = await load();
    known = module.default;
    return module;
  };
  const waiting = lazy(fetched);
  return { fetched, component: () => known ?? waiting };
}

/** Shows a page. */
export function Shown({ page }: { readonly page: Page }) {
  // Chosen once: what is shown stays the same component, and keeps its state.
  const [Component] = useState(page.component);
  return <Component />;
}
