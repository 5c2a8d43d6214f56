import { afterEach, describe, expect, test } from 'vitest';
import { answerTotp, halfSignedIn, MINUTE, recordsOf, seesAccount } from '../kit/attack-kit.ts';
import { textOf } from '../kit/browser.ts';
import { ENGINES, type House, openHouse } from '../kit/house.ts';
import { appCode } from '../kit/people.ts';
import { answerText, codeOf, plantedPhone, sendText, type WithPhone } from '../kit/phones.ts';
import { answering, hanging, startTextGateway, type TextGateway } from '../kit/text-gateway.ts';

describe.each(ENGINES)('a gateway that is sick, on %s', (engine) => {
  let house: House | null = null;
  let gateway: TextGateway | null = null;
  afterEach(async () => {
    await house?.close();
    await gateway?.stop();
  });

  async function sick(
    ...[answer, options]: Parameters<typeof startTextGateway>
  ): Promise<WithPhone & { house: House }> {
    gateway = await startTextGateway(answer, options);
    const scheme = options?.tls ? 'webhook+https' : 'webhook+http';
    const env = { SMS_URL: `${scheme}://127.0.0.1:${gateway.port}/?secret=0123456789abcdef` };
    house = await openHouse({ engine, env });
    return { ...(await plantedPhone(house)), house };
  }

  test.each([
    ['500', answering(500), {}],
    ['says no to the number', answering(422), {}],
    ['a bad certificate', answering(204), { tls: true }],
    ['hangs', hanging, {}],
  ] as const)(
    'A30/R16: %s: no session, the other ways are offered within six seconds',
    async (_name, answer, options) => {
      const { house, person, secret } = await sick(answer, options);
      const browser = await halfSignedIn(house, person);
      const begun = performance.now();
      const told = await sendText(browser);
      expect(performance.now() - begun).toBeLessThan(6_000);
      expect(told.status).toBe(503);
      expect(textOf(told.body)).toContain('We couldn’t send the message');
      expect(told.body).toContain('href="/sign-in/factor?method=totp"');
      expect(told.body).toContain('href="/sign-in/factor?method=recovery-code"');
      expect(await seesAccount(browser)).toBe(false);
      const sent = (await recordsOf(house, person)).filter(({ event }) => event === 'text.sent');
      expect(sent.map(({ outcome }) => outcome)).toEqual(['success', 'failure']);
      // The code that was never told is worth nothing, and no further try brings it.
      const [asked] = gateway?.asked ?? [];
      if (asked) expect((await answerText(browser, codeOf(JSON.parse(asked.body).text))).status).toBe(422);
      const tries = gateway?.asked.length;
      house.clock.advance(MINUTE);
      await house.app.deps.outbox.flush();
      expect(gateway?.asked.length).toBe(tries);
      expect((await answerTotp(browser, appCode(house, secret))).location).toBe('/');
    },
  );

  test('A30: well again, it sends the next one', async () => {
    const { house, person } = await sick(answering(500));
    const browser = await halfSignedIn(house, person);
    expect((await sendText(browser)).status).toBe(503);
    if (gateway) gateway.answer = answering(200);
    expect((await sendText(browser)).status).toBe(429);
    house.clock.advance(MINUTE);
    expect((await sendText(browser)).status).toBe(303);
    const body = gateway?.asked.at(-1)?.body ?? '{}';
    expect((await answerText(browser, codeOf(JSON.parse(body).text))).location).toBe('/');
  });

  test('A30: while it hangs, nobody else waits', { retry: 2 }, async () => {
    const { house, person } = await sick(hanging);
    const more = await Promise.all(Array.from({ length: 4 }, () => plantedPhone(house)));
    const halves = await Promise.all(
      [{ person }, ...more].map(({ person: one }) => halfSignedIn(house, one)),
    );
    let waiting = true;
    const sending = Promise.all(halves.map(sendText)).finally(() => {
      waiting = false;
    });
    const took: number[] = [];
    while (waiting) {
      const begun = performance.now();
      expect((await house.browser().get('/sign-in')).status).toBe(200);
      took.push(performance.now() - begun);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await sending;
    took.sort((a, b) => a - b);
    expect(took.length).toBeGreaterThan(30);
    expect(took[Math.floor(took.length * 0.99)]).toBeLessThan(500);
  });
});
