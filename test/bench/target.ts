import { mkdtempSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { cores } from './argon.ts';
import { type Population, seedFloor } from './floor-store.ts';
import { type Load, type Plan, runLoad } from './load.ts';
import { launch, type Server } from './servers.ts';
import type { Routes } from './stories.ts';

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
        // Room for other work beside the hashes on machines with more cores than libuv's four threads.
        env: { UV_THREADPOOL_SIZE: String(cores + 4) },
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

/** Thirty-two people at once unless told otherwise. */
export function load(target: Target, server: Server, seconds: number, run: Run): Promise<Load> {
  const { port } = server;
  return runLoad({ port, routes: target.routes(port), connections: 32, warm: 1, seconds, ...run });
}
