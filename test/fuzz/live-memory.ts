import { once } from 'node:events';

/** How a server is started whose memory is to be asked for. */
export const INSPECTED = { NODE_OPTIONS: '--inspect=127.0.0.1:0' } as const;

/**
 * What a server holds, heap and buffers, once V8 has thrown away whatever nobody can reach any more: what the system sees
 * of it grows in steps of 60 MiB, whenever V8 thinks it better to wait a little longer with that.
 * `output`: what it printed since it was started with INSPECTED. -> MiB
 */
export async function liveMemory(output: string): Promise<number> {
  const address = /ws:\/\/\S+/.exec(output)?.[0];
  if (!address) throw new Error(`the server is not inspected:\n${output.slice(0, 500)}`);
  const inspector = new WebSocket(address);
  await once(inspector, 'open');
  let asked = 0;
  const ask = async (method: string, params = {}) => {
    asked += 1;
    inspector.send(JSON.stringify({ id: asked, method, params }));
    const [{ data }] = (await once(inspector, 'message')) as [{ data: string }];
    return JSON.parse(data) as { result: { result: { value: number } } };
  };
  try {
    // A second time, for what was to be finalized first.
    for (let i = 0; i < 2; i++) await ask('HeapProfiler.collectGarbage');
    const expression = '(({ heapUsed, external }) => (heapUsed + external) / 2 ** 20)(process.memoryUsage())';
    const { result } = await ask('Runtime.evaluate', { expression, returnByValue: true });
    return result.result.value;
  } finally {
    inspector.close();
    await once(inspector, 'close');
  }
}
