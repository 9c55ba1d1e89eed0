import '../../kit/tokens.css';
import '../../kit/base.css';
import '../../kit/components.css';
import './styles/shell.css';
import './styles/entities.css';
import './styles/editing.css';
import { startTransition } from 'react';
import { createRoot } from 'react-dom/client';
import { Application } from './application.tsx';
import { arriveFromSignIn } from './session/session-hint.ts';
import { registerServiceWorker } from './shell/update.ts';

arriveFromSignIn();
const root = document.getElementById('root');
if (!root) throw new Error('the page has no #root');
// In slices, so that the page answers while it is made: it is drawn already.
startTransition(() => createRoot(root).render(<Application />));
registerServiceWorker();
