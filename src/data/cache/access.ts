import { entityKey, leaseKey, scheduleKey } from './scripts.ts';

/** The commands this room sends, in its scripts or by itself. */
const commands = ['get', 'set', 'del', 'zadd', 'zrem', 'zrangebyscore', 'eval', 'evalsha', 'ping', 'flushdb'];

/** What a user of the cache has to be allowed, and nothing else, as an access string (https://valkey.io/topics/acl/). */
export const cacheAccess: string = [
  'on',
  ...[entityKey('*'), leaseKey('*'), scheduleKey].map((pattern) => `~${pattern}`),
  '-@all',
  ...commands.map((command) => `+${command}`),
].join(' ');
