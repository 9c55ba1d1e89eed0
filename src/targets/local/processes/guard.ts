/**
 * Loaded before the program of a task: ends it when its supervisor is gone, however that ended, so that no orphan
 * answers on a port. Servers that take a configuration from the supervisor do this themselves.
 */
const grace = 10_000;

process.on('disconnect', () => {
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), grace).unref();
  process.kill(process.pid, 'SIGTERM');
});
// The channel alone keeps no child alive.
process.channel?.unref();
