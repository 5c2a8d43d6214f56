import { openFloor } from './floor-store.ts';

// How many durable transactions of one small row SQLite makes here in a second: node raw-commit.ts FILE SECONDS

const [file, seconds] = process.argv.slice(2);
const db = openFloor(file!);
const insert = db.prepare('INSERT INTO session (hash, account_id, expires_at) VALUES (randomblob(32), 1, 1)');
const times: number[] = [];
const start = performance.now();
const end = start + Number(seconds) * 1000;
for (let now = start; now < end; ) {
  insert.run();
  const after = performance.now();
  times.push(after - now);
  now = after;
}
times.sort((a, b) => a - b);
const perSecond = (times.length * 1000) / (performance.now() - start);
console.log(
  JSON.stringify({ perSecond, p50: times[times.length >> 1], p99: times[Math.floor(times.length * 0.99)] }),
);
