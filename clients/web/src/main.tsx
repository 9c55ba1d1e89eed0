import '../../kit/tokens.css';
import '../../kit/base.css';
import '../../kit/controls.css';
import '../../kit/panels.css';
import '../../kit/waterfall.css';
import './styles/shell.css';
import './styles/header.css';
import './styles/overlays.css';
import './styles/list.css';
import './styles/explanation.css';
import './styles/entities.css';
import './styles/editing.css';
import { startTransition } from 'react';
import { createRoot } from 'react-dom/client';
import { Application } from './application.tsx';
import { pageAt } from './pages.ts';
import { arriveFromSignIn } from './session/session-hint.ts';
import { registerServiceWorker } from './shell/update.ts';

arriveFromSignIn();
const root = document.getElementById('root');
if (!root) throw new Error('the page has no #root');
const draw = () => {
  // In slices, so that the page answers while it is made: it is drawn already.
  startTransition(() => createRoot(root).render(<Application />));
};
// Its code is on its way since the document came, and nothing stands in its place meanwhile. If it cannot be had, the
// application says so.
pageAt(location.pathname).fetched().then(draw, draw);
registerServiceWorker();
