import { hanging, startTextGateway, type TextGateway } from '../../kit/text-gateway.ts';
import type { Bench, Section } from '../bench.ts';
import type { Server } from '../servers.ts';
import { load, type Measured, running, type Target } from '../target.ts';

// The text gateway takes every message and never answers: whoever wants none must not notice.

const SENDERS = 8;
const VISITORS = 100;
/** Shorter, with its warm-up and the start of a process, than the five seconds for which the product waits (R16). */
const LOOKS_SECONDS = 2;
const GATEWAY_LIMIT_MS = 5000;

export const texts: Section = async (bench) => {
  const gateway = await startTextGateway(hanging);
  try {
    return await whileItHangs(bench, gateway);
  } finally {
    await gateway.stop();
  }
};

async function whileItHangs(bench: Bench, gateway: TextGateway) {
  const people = { accounts: VISITORS, pendings: SENDERS, sessions: VISITORS, phones: SENDERS };
  const address = `webhook+http://127.0.0.1:${gateway.port}/?secret=nobody-will-ever-look`;
  const product = await bench.product('texts', people, { SMS_URL: address });
  const { calm, looks, sends } = await running(product, async (server) => {
    const calm = await look(product, server);
    let waiting = true;
    const sending = send(product, server).finally(() => {
      waiting = false;
    });
    const [sends, looks] = await Promise.all([
      sending,
      look(product, server).then((looks) => {
        if (!waiting) throw new Error('nobody was waiting any more when the last page was looked at');
        return looks;
      }),
    ]);
    return { calm, looks, sends };
  });
  if (gateway.asked.length < SENDERS)
    throw new Error(`only ${gateway.asked.length} text messages came to the gateway`);

  const pages = ['sign-in page', 'signed-in page'];
  for (const page of pages)
    bench.note(
      `${page} while nobody waits for a text message: ${timesOf(calm, page)}; meanwhile: ${timesOf(looks, page)}`,
    );
  return [
    ...pages.map((page) => ({
      what: `${page} p99 while ${SENDERS} wait for the gateway`,
      ours: looks.times[page]!.p99,
      digits: 2,
      unit: 'ms',
      atMost: 50,
    })),
    // The last of eight is their p99.
    {
      what: 'slowest answer to who waits',
      ours: sends.times.send!.p99,
      unit: 'ms',
      atMost: GATEWAY_LIMIT_MS + 1000,
    },
  ];
}

/** Eight people at once, one message each. */
function send(target: Target, server: Server): Promise<Measured> {
  const run = { story: 'textFails', from: 0, to: SENDERS, connections: SENDERS, warm: 0 } as const;
  return load(target, server, 20, run);
}

function look(target: Target, server: Server): Promise<Measured> {
  const run = { story: 'looks', from: SENDERS, to: VISITORS, again: true, connections: 8 } as const;
  return load(target, server, LOOKS_SECONDS, run);
}

function timesOf({ times }: Measured, page: string): string {
  const { p50, p99 } = times[page]!;
  return `p50 ${p50.toFixed(2)} p99 ${p99.toFixed(2)} ms`;
}
