import { type Answer, Connection } from './connection.ts';
import type { Load, Plan, Times } from './load.ts';
import type { Request, Story } from './requests.ts';
import { stories } from './stories.ts';

// The process behind runLoad: takes one plan, sends back one result.

process.once('message', async (plan: Plan) => {
  const load = await run(plan);
  process.send!(load, () => process.disconnect());
});

async function run(plan: Plan): Promise<Load> {
  const tally = new Tally(performance.now() + plan.warm * 1000, plan.seconds * 1000);
  let next = plan.from;

  /** The next person of the plan, or null when the time is over or nobody is left. */
  function take(): number | null {
    if (next >= plan.to && plan.again) next = plan.from;
    if (next >= plan.to || performance.now() > tally.end) return null;
    const n = next++;
    return plan.spread ? (n * 7919) % plan.spread : n;
  }

  await Promise.all(Array.from({ length: plan.connections }, () => lane(plan, take, tally)));
  return { ...tally.result(), next };
}

/** Tells stories on one connection, one after the other; what has begun is told to its end. */
function lane(plan: Plan, take: () => number | null, tally: Tally): Promise<void> {
  const story: Story = stories[plan.story];
  const connection = new Connection(plan.port);
  return new Promise((done) => {
    let telling: ReturnType<Story>;
    let storyFrom = 0;
    let from = 0;
    let label = '';

    function open(): void {
      const person = take();
      if (person === null) {
        close();
        return;
      }
      telling = story(plan.routes, person);
      storyFrom = performance.now();
      go(telling.next());
    }

    function go(told: IteratorResult<Request, void>): void {
      if (told.done) {
        tally.time('story', storyFrom);
        open();
        return;
      }
      label = told.value.label;
      from = performance.now();
      connection.send(told.value, answered);
    }

    function answered(answer: Answer | Error): void {
      if (answer instanceof Error) {
        tally.fail(answer);
        close();
        return;
      }
      tally.time(label, from);
      let told: IteratorResult<Request, void>;
      try {
        told = telling.next(answer);
      } catch (error) {
        tally.fail(error as Error);
        open();
        return;
      }
      go(told);
    }

    function close(): void {
      connection.close();
      done();
    }

    open();
  });
}

/** Times of what ended between `begin` and `end`, and every error whenever it came. */
class Tally {
  readonly end: number;
  readonly #begin: number;
  readonly #times = new Map<string, number[]>([['story', []]]);
  readonly #errors: string[] = [];
  #last: number;
  #told = 0;
  #cpu = process.cpuUsage();

  constructor(begin: number, length: number) {
    this.#begin = begin;
    this.#last = begin;
    this.end = begin + length;
    setTimeout(
      () => {
        this.#cpu = process.cpuUsage();
      },
      Math.max(1, begin - performance.now()),
    ).unref();
  }

  time(label: string, from: number): void {
    const now = performance.now();
    if (label === 'story') this.#told++;
    if (now < this.#begin || now > this.end) return;
    let list = this.#times.get(label);
    if (!list) {
      list = [];
      this.#times.set(label, list);
    }
    list.push(now - from);
    this.#last = now;
  }

  fail(error: Error): void {
    this.#errors.push(error.message);
  }

  result(): Omit<Load, 'next'> {
    const seconds = (this.#last - this.#begin) / 1000;
    const { user, system } = process.cpuUsage(this.#cpu);
    return {
      perSecond: this.#times.get('story')!.length / seconds,
      times: Object.fromEntries([...this.#times].map(([label, list]) => [label, summary(list)])),
      told: this.#told,
      errors: this.#errors.length,
      firstErrors: this.#errors.slice(0, 3),
      ownCpu: (user + system) / 1000 / (performance.now() - this.#begin),
    };
  }
}

function summary(list: number[]): Times {
  const sorted = Float64Array.from(list).sort();
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return { count: sorted.length, p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}
