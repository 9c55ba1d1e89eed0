import { describe } from 'node:test';
import { testEditing } from './editing.ts';
import { testInstalling } from './installing.ts';
import { testKeyboard } from './keyboard.ts';
import { testOffline } from './offline.ts';
import { testPrivacy } from './privacy.ts';
import { testReading } from './reading.ts';
import { testSessions } from './sessions.ts';
import { testShowing } from './showing.ts';
import { siteForTests } from './site.ts';

/** One platform for all, since it takes a while to start; the last test stops it and starts it again. */
describe('the web client', () => {
  const site = siteForTests();
  testReading(site);
  testShowing(site);
  testKeyboard(site);
  testInstalling(site);
  testEditing(site);
  testOffline(site);
  testPrivacy(site);
  testSessions(site);
});
