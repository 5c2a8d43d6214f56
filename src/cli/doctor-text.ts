import type { Config } from '../config.ts';
import { describeFailure } from '../delivery/retry.ts';
import { openGateway } from '../delivery/sms/all.ts';
import { systemClock } from '../kit/clock.ts';
import { Sick } from './check.ts';

const PATIENCE_MS = 5_000;

/** Which way text messages take, and whether anybody listens there: asked for nothing, without credentials. */
export async function lookAtTextMessages({ smsUrl, localMode, baseUrl }: Config): Promise<string> {
  if (smsUrl === null) {
    return localMode ? `local mode: text messages go to ${baseUrl}/mailbox` : 'off: SMS_URL is not set';
  }
  const { name, origin } = openGateway(smsUrl, systemClock);
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const answer = await fetch(origin, { redirect: 'manual', signal });
    await answer.body?.cancel();
  } catch (error) {
    const { cause } = error as { cause?: unknown };
    throw new Sick(`SMS_URL: ${name} at ${origin} does not answer: ${describeFailure(cause ?? error)}`);
  }
  return `${name} at ${origin} answers; whether it accepts messages shows only when one is sent`;
}
