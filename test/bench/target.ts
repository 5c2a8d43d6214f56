import { mkdtempSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Population, seedFloor } from './floor-store.ts';
import { type Load, type Plan, runLoad } from './load.ts';
import { cpuOf } from './proc.ts';
import type { Routes } from './requests.ts';
import { launch, type Server } from './servers.ts';

/** A server that can be measured: the floor or the product. Its database is filled already. */
export interface Target {
  database: string;
  routes(port: number): Routes;
  start(flags?: string[]): Promise<Server>;
}

export const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

const floorRoutes = (port: number): Routes => ({
  host: `localhost:${port}`,
  signIn: '/sign-in',
  secondStep: '/second-step',
  check: '/check',
  checked: 204,
  page: '/page',
});

export function floorTarget(
  folder: string,
  mode: 'plain' | 'grouped',
  passwordHash: string,
  population: Population,
): Target {
  const database = `${mkdtempSync(`${folder}/floor-`)}/floor.db`;
  seedFloor(database, passwordHash, population);
  return {
    database,
    routes: floorRoutes,
    start: (flags = []) =>
      launch({
        argv: [...flags, here('floor.ts'), database, mode],
        // What `scripts/lib/runtime.js` chose for this process and the product (decision 35): it serves the floor best too.
        env: { UV_THREADPOOL_SIZE: process.env['UV_THREADPOOL_SIZE'] },
        path: '/ready',
        log: `${folder}/floor.log`,
      }),
  };
}

/** Starts a target, does something with it, and stops it whatever happened. */
export async function running<T>(target: Target, work: (server: Server) => Promise<T>): Promise<T> {
  const server = await target.start();
  try {
    return await work(server);
  } finally {
    await server.stop();
  }
}

export type Run = Pick<Plan, 'story' | 'from' | 'to'> & Partial<Plan>;

/** CPU of the server for one story, in microseconds: it tells more than the rate where others use the machine too. */
export type Measured = Load & { cpu: { user: number; system: number } };

/** Thirty-two people at once unless told otherwise. */
export async function load(target: Target, server: Server, seconds: number, run: Run): Promise<Measured> {
  const { port, pid } = server;
  const start = cpuOf(pid);
  const plan = { port, routes: target.routes(port), connections: 32, warm: 1, seconds, ...run };
  const result = await runLoad(plan);
  const end = cpuOf(pid);
  const each = (from: number, to: number) => ((to - from) * 1e6) / result.told;
  return { ...result, cpu: { user: each(start.user, end.user), system: each(start.system, end.system) } };
}

/** One line of what a run took, for people. */
export function lineOf(name: string, { times, cpu, ownCpu }: Measured): string {
  const parts = Object.entries(times)
    .filter(([label]) => label === 'story' || Object.keys(times).length > 2)
    .map(([label, { p50, p95, p99 }]) => `${label} p50 ${short(p50)} p95 ${short(p95)} p99 ${short(p99)} ms`);
  const used = `server CPU ${Math.round(cpu.user)} + ${Math.round(cpu.system)} µs (user + system) a story`;
  return `${name}: ${parts.join(', ')}; ${used}; load ${Math.round(ownCpu * 100)} % of a core`;
}

const short = (ms: number) => ms.toFixed(ms < 10 ? 2 : 0);
