import { renewSession } from '../session/renewal.ts';
import { forgetSession } from '../session/session-hint.ts';
import { createClient } from './client.ts';

/** Sends a call of this page's. @throws CallFailure; what its signal was aborted with */
export const send = createClient({
  baseURL: '',
  isOnline: () => navigator.onLine,
  renew: renewSession,
  onEnded: forgetSession,
});
