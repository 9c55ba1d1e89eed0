import { Component, type ReactNode } from 'react';
import { Notice } from '../../../kit/notice.tsx';

interface State {
  readonly failed: 'code' | 'page' | undefined;
}

/** Catches what a page throws while it is drawn, so that the shell stays and says what to do. */
export class PageBoundary extends Component<{ readonly children: ReactNode }, State> {
  override state: State = { failed: undefined };

  static getDerivedStateFromError(error: unknown): State {
    const missing = error instanceof TypeError && /import|module/i.test(error.message);
    return { failed: missing ? 'code' : 'page' };
  }

  override render(): ReactNode {
    const { failed } = this.state;
    if (failed === undefined) return this.props.children;
    const reload = (
      <button type="button" className="button primary" onClick={() => location.reload()}>
        Reload the page
      </button>
    );
    return failed === 'code' ? (
      <Notice live icon="sync" title="This page could not be fetched" tone="warn" actions={reload}>
        <p>Either the network is gone or a newer version is there. Reloading settles it.</p>
      </Notice>
    ) : (
      <Notice live icon="alert" title="Something went wrong on this page" tone="bad" actions={reload}>
        <p>It was this page, not the platform. What you typed is kept on this device.</p>
      </Notice>
    );
  }
}
