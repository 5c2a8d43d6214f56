import { makeSetUpLink } from '../sign-in/set-up-link.ts';
import type { Call, Command } from './command.ts';
import { withDeps } from './open.ts';

/** The link alone: `xdg-open "$(countersign setup-link)"`. */
export const setUpLinkCommand: Command = {
  name: 'setup-link',
  takes: '',
  does: 'a new one-time link that makes an administrator, valid for 24 hours',
  async run(call: Call) {
    await withDeps(call, async (deps) => {
      const url = await makeSetUpLink(deps);
      await call.print(url, { url });
    });
  },
};
