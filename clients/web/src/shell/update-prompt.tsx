import { useState } from 'react';
import { acceptUpdate, useUpdate } from './update.ts';

/** Offers a newer version; nothing is loaded anew unasked. */
export function UpdatePrompt() {
  const update = useUpdate();
  const [later, setLater] = useState(false);
  return (
    <div className="update" role="status">
      {update && !later && (
        <div className="panel update-card">
          <p>
            <b>A newer version is ready.</b> It takes a reload.
          </p>
          <div className="actions">
            <button type="button" className="button primary" onClick={acceptUpdate}>
              Reload
            </button>
            <button type="button" className="button quiet" onClick={() => setLater(true)}>
              Later
            </button>
          </div>
        </div>
      )}
    </div>
  );
}
