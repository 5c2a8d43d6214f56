import type { Server } from 'node:http';
import { Server as NetServer } from 'node:net';

/** A turn of the event loop this short, in milliseconds, leaves next to no time for somebody to knock unheard. */
const SHORT = 0.1;
/** After this long, in milliseconds, it will not become quiet any more. */
const LONG_ENOUGH = 500;

/**
 * Stops taking on connections, in a turn of the event loop that found nobody at the door and right after it looked.
 * Those that the kernel has taken on and the process has not are reset: behind a proxy that is a POST which fails, since
 * nobody may send it again (R84). Resolves when the door is shut; what was let in is still served.
 */
export async function stopListening(server: Server): Promise<void> {
  if (!server.listening) return;
  const end = performance.now() + LONG_ENOUGH;
  // Who calls may itself have taken long: the first turn only looks.
  let came = true;
  server.on('connection', () => {
    came = true;
  });
  await new Promise<void>((resolve) => {
    const look = (before: number) =>
      // Immediates come right after the loop has accepted who waits. No promise in between: closing must not wait.
      setImmediate(() => {
        const now = performance.now();
        if (now < end && (came || now - before > SHORT)) {
          came = false;
          look(now);
          return;
        }
        // Not http's own, which first ends idle connections: somebody could knock meanwhile.
        NetServer.prototype.close.call(server);
        resolve();
      });
    look(performance.now());
  });
}
