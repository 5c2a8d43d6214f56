import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Undeliverable } from '../../src/delivery/sender.ts';
import { openGateway } from '../../src/delivery/sms/all.ts';
import { ManualClock } from '../kit/clock.ts';
import { type Kannel, kannelInstalled, startKannel } from '../kit/kannel.ts';

const USER = { user: 'tester', password: 'g:h@im/1', deniedPrefix: '+3499' };

describe.skipIf(!kannelInstalled)(
  'a real Kannel with an SMS centre behind it (needs Debian’s kannel and kannel-extras; .ci/run installs them)',
  () => {
    let kannel: Kannel;
    beforeAll(async () => {
      kannel = await startKannel(USER);
    });
    afterAll(() => kannel?.stop());

    const send = (to: string, text: string, password = USER.password) => {
      const clock = new ManualClock();
      const url = `kannel+http://${USER.user}:${encodeURIComponent(password)}@127.0.0.1:${kannel.port}/cgi-bin/sendsms?from=Acme`;
      const delivery = { id: 'parcel-1', signal: AbortSignal.timeout(5_000) };
      return openGateway(url, clock).send({ to, text, expiresAt: clock.now() + 300_000 }, delivery);
    };

    test('number and text arrive as they were, in seven bits and in sixteen', async () => {
      const texts = [
        '481516 is your code for Acme & Co {[~]} @ 100%. Never share it with anyone.',
        '481516 es tu código para Acme «Ibérica» €. No se lo digas a nadie.',
      ] as const;
      for (const text of texts) await send('+34600123456', text);
      expect(await kannel.arrived(2)).toEqual(
        texts.map((text) => ({ from: 'Acme', to: '+34600123456', text })),
      );
    });

    test('a number without a route is for good; a wrong password is not', async () => {
      await expect(send('+34990123456', '481516')).rejects.toThrow(Undeliverable);
      const wrong = send('+34600123456', '481516', 'other');
      await expect(wrong).rejects.toThrow('the gateway answered 403');
      await expect(wrong).rejects.not.toThrow(Undeliverable);
    });
  },
);
