import { RelativeTime } from '../../../kit/relative-time.tsx';
import { addresses } from '../addresses.ts';
import { pageSize } from '../api/entities.ts';
import type { Entity } from '../api/entity.ts';
import { PageLink } from '../shell/page-link.tsx';
import { shortValue } from './value.tsx';

const shownAttributes = 3;

/** A list of entities; each row opens one. */
export function EntityRows({ entities }: { readonly entities: readonly Entity[] }) {
  return (
    <ul className="rows panel" aria-label="Entities">
      {entities.map((entity) => (
        <li key={entity.id}>
          <PageLink className="row" data-row to={addresses.entity(entity.id)}>
            <span className="row-name">{entity.name}</span>
            <span className="row-time">
              <RelativeTime time={entity.updatedAt} />
            </span>
            <span className="row-attributes">
              <Summary {...entity} />
            </span>
          </PageLink>
        </li>
      ))}
    </ul>
  );
}

function Summary({ attributes }: Entity) {
  const all = Object.entries(attributes);
  if (all.length === 0) return 'No attributes';
  const shown = all.slice(0, shownAttributes);
  const more = all.length - shown.length;
  return (
    <>
      {shown.map(([key, value]) => (
        <span key={key} className="row-attribute">
          {key} <b>{shortValue(value, key)}</b>
        </span>
      ))}
      {more > 0 && <span className="row-attribute">{more} more</span>}
    </>
  );
}

/** Rows of a skeleton have nothing but their place. */
const places = Array.from({ length: pageSize }, (_, index) => `row ${index}`);

/** The rows of a page that is on its way: as high as those that come. */
export function RowSkeletons() {
  return (
    <div className="rows panel" aria-busy="true">
      {places.map((place) => (
        <div key={place} className="row">
          <span className="skeleton row-name" />
          <span className="skeleton row-attributes" />
        </div>
      ))}
      <span className="unseen" role="status">
        Loading…
      </span>
    </div>
  );
}
