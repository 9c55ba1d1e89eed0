import { Suspense } from 'react';
import { Icon } from '../../../kit/icon.tsx';
import { RelativeTime } from '../../../kit/relative-time.tsx';
import { addresses } from '../addresses.ts';
import type { Entity } from '../api/entity.ts';
import { useRole, useSession } from '../session/session.ts';
import { WaitingTag } from '../shell/for-signed-in.ts';
import { PageLink } from '../shell/page-link.tsx';
import { PageTitle } from '../shell/page-title.tsx';
import { CopyId } from './copy-id.tsx';
import { DeleteButton } from './delete-button.tsx';
import { Value } from './value.tsx';

/** Which entity it is, since when, and what one's role may do with it. */
export function EntityHead({ entity, ahead }: { readonly entity: Entity; readonly ahead: boolean }) {
  const { session } = useSession();
  const editor = useRole('editor');
  const admin = useRole('admin');
  return (
    <>
      <PageTitle title={entity.name} />
      <p className="meta">
        <span>Version {entity.version}</span>
        <span>
          changed <RelativeTime time={entity.updatedAt} />
        </span>
        <span>
          created <RelativeTime time={entity.createdAt} />
        </span>
        {ahead && <span className="tag good">your change, newer than the caches</span>}
        {session && (
          <Suspense>
            <WaitingTag subject={session.subject} entityId={entity.id} />
          </Suspense>
        )}
      </p>
      {editor && (
        <div className="actions">
          <PageLink className="button primary" to={addresses.edit(entity.id)}>
            <Icon name="edit" />
            Edit
          </PageLink>
          {admin && session && <DeleteButton entity={entity} subject={session.subject} />}
        </div>
      )}
    </>
  );
}

/** All that is kept of an entity. */
export function EntityBody({ entity }: { readonly entity: Entity }) {
  const attributes = Object.entries(entity.attributes);
  return (
    <>
      {attributes.length > 0 ? (
        <dl className="attributes panel">
          {attributes.map(([key, value]) => (
            <div key={key}>
              <dt>{key}</dt>
              <dd>
                <Value value={value} attribute={key} />
              </dd>
            </div>
          ))}
        </dl>
      ) : (
        <p className="panel no-attributes">It has no attributes.</p>
      )}
      <CopyId id={entity.id} />
    </>
  );
}
