import { describe, expect, test } from 'vitest';
import { complainAboutPassword } from './password-rules.ts';
import { complainAboutStrength } from './password-strength.ts';

const RULES = {
  minLength: 12,
  context: ['Countersign', 'localhost', 'Ann Lindqvist', 'ann@harbour.example'],
};

const judge = async (password: string, rules = RULES) =>
  complainAboutPassword(password, rules) ?? (await complainAboutStrength(password, rules));

/** Twelve characters and more, and each among the first that somebody tries (R2). */
const BAD =
  `password1234 Password1234 P@ssw0rd1234 Password123! passwordpassword password12345 mypassword123 masterpassword
defaultpassword passw0rdpassw0rd drowssapdrowssap Pa55word2026 password!!!! qwertyuiop12 qwertyuiop[] qwertyuiopas
qwerty123456 qweasdzxc123 1qaz2wsx3edc 1q2w3e4r5t6y zaq12wsxcde3 qazwsxedcrfv poiuytrewqlk asdfghjkl123 asdfasdfasdf
1234qwerasdf zxcvbnm12345 123456789012 987654321098 0123456789ab 010203040506 11223344556677 111111111111 000000000000
121212121212 abcdefghijkl abcd1234efgh abc123abc123 aaaabbbbcccc a1b2c3d4e5f6 correcthorsebatterystaple
thisismypassword iloveyou1234 iloveyouforever ilovemymother letmein12345 letmeinplease welcome12345 Welcome2026!
administrator1 adminadmin12 admin12345678 changeme1234 ChangeMe2026! sunshine2024 Summer2026!! Winter2025!! january2026!
princess1234 football1234 superman12345 trustno1trustno1 dragon123456 monkeymonkey michaeljordan liverpool1892
starwars1977 supersecret1 testtesttest Passwort1234 contraseña123 motdepasse12 maytheforcebewithyou tobeornottobe
Countersign2026 c0untersign!! ann@harbour.example lindqvist2026 LocalhostLocalhost`.split(/\s+/);

test(`${BAD.length} bad passwords of twelve characters and more are refused with the reason`, async () => {
  expect(BAD.length).toBeGreaterThanOrEqual(50);
  const taken: string[] = [];
  for (const password of BAD) {
    expect([...password].length).toBeGreaterThanOrEqual(12);
    if ((await judge(password)) === null) taken.push(password);
  }
  expect(taken).toEqual([]);
});

test.each([
  ['password1234', 'password_common'],
  ['P@ssw0rd1234', 'password_common'],
  ['1qaz2wsx3edc', 'password_common'],
  ['111111111111', 'password_weak'],
  ['abcdefghijkl', 'password_weak'],
  ['january2026!', 'password_weak'],
  ['c0untersign!!', 'password_context'],
  ['lindqvist2026', 'password_context'],
])('%s: %s', async (password, complaint) => expect(await judge(password)).toBe(complaint));

describe('what a person can live with passes', () => {
  test.each([
    'velvet otter pickle mosaic',
    'gravel moth banjo sunrise',
    'tundra-lizard-mango-sofa',
    'mild-copper-walrus-42',
    'Zitrone Fahrrad Himmel Kissen',
    'ventana lluvia zapato norte',
    'kqzvwmxjtrpd',
    'xK4mP9qL2wZ7',
    'ночной троллейбус уехал',
    '正しい馬のバッテリー留め具',
  ])('%s', async (password) => expect(await judge(password)).toBeNull());
});

test('where shorter ones are allowed, a random one of that length passes and a common one does not', async () => {
  const rules = { ...RULES, minLength: 8 };
  expect(await judge('k7VqzM2x', rules)).toBeNull();
  expect(await judge('sunshine', rules)).toBe('password_common');
  expect(await judge('sunshine1', rules)).toBe('password_common');
});

test('a long and awkward one is judged by its start, in a bounded time', async () => {
  expect(await judge('1'.repeat(900))).toBe('password_weak');
  expect(await judge('4@8(63<!1|0$5+72%xK'.repeat(20))).toBeNull();
});

test('R2: whoever holds one link and asks a hundred times waits for themself, and nobody else for them', async () => {
  const of = (whose: string) => complainAboutStrength('4@8(63<&'.repeat(8), { ...RULES, whose });
  const all = Array.from({ length: 100 }, () => of('ann@harbour.example'));
  const done: string[] = [];
  for (const one of all) one.then(() => done.push('ann')).catch(() => {});
  await of('bob@harbour.example');
  // One that was being looked at, and the one whose turn it was.
  expect(done.length).toBeLessThanOrEqual(2);
  const answers = await Promise.allSettled(all);
  const refused = answers.filter(({ status }) => status === 'rejected');
  expect(refused.length).toBeGreaterThan(0);
  for (const one of refused) expect(one).toMatchObject({ reason: { code: 'busy' } });
}, 60_000);

test('the event loop runs on while passwords are looked at', async () => {
  const start = performance.now();
  let [longest, last] = [0, start];
  const timer = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 5);
  await Promise.all(Array.from({ length: 8 }, (_, index) => judge(`${index}p4@s5$w0rd!|(`.repeat(5))));
  clearInterval(timer);
  expect(longest).toBeLessThan((performance.now() - start) / 2);
});
