import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

// The programs that tests use and npm has not: a browser, the makers' own tools for codes and QR
// codes, and what shows the system calls of a server.

const tools = [
  { name: 'a Chromium', debian: 'chromium', mac: 'brew install --cask google-chrome', find: findChromium },
  { name: 'oathtool', debian: 'oathtool', mac: 'brew install oath-toolkit', find: () => onPath('oathtool') },
  // Linux alone has it; elsewhere that one test says so.
  ...(process.platform === 'linux'
    ? [{ name: 'strace', debian: 'strace', mac: '', find: () => onPath('strace') }]
    : []),
  { name: 'zbarimg', debian: 'zbar-tools', mac: 'brew install zbar', find: () => onPath('zbarimg') },
];

/** Installs what is missing, where it can; resolves to one line for each tool that is missing still. */
export async function installTools(): Promise<string[]> {
  const missing = await without();
  if (missing.length === 0) return [];
  if (process.getuid?.() === 0 && onPath('apt-get')) {
    run('apt-get', ['update', '-qq']);
    installPackages(missing.map((tool) => tool.debian));
    // By itself, since not every system has it: tests do without, more slowly.
    if (!findHeadlessShell()) installPackages(['chromium-headless-shell']);
  }
  if (!(await findChromium())) run(process.execPath, [playwright, 'install', '--no-shell', 'chromium']);
  return (await without()).map(
    ({ name, debian, mac }) => `Missing: ${name}. Debian: apt-get install ${debian}; macOS: ${mac}`,
  );
}

/** The path of a Chromium or Chrome: CHROMIUM_PATH, the system's, else the one that Playwright installed. */
export async function findChromium(): Promise<string | undefined> {
  if (process.env.CHROMIUM_PATH) return process.env.CHROMIUM_PATH;
  const system = ['chromium', 'google-chrome-stable', 'google-chrome'].map(onPath).find(Boolean);
  if (system) return system;
  const mac = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
  if (existsSync(mac)) return mac;
  const { chromium } = await import('playwright-core');
  return existsSync(chromium.executablePath()) ? chromium.executablePath() : undefined;
}

/** The build of Chromium that has no windows, in which most tests look at pages; not where a browser was named. */
export function findHeadlessShell(): string | undefined {
  return process.env.CHROMIUM_PATH ? undefined : onPath('chromium-headless-shell');
}

const playwright = new URL('../../node_modules/playwright-core/cli.js', import.meta.url).pathname;

async function without() {
  const found = await Promise.all(tools.map((tool) => tool.find()));
  return tools.filter((_, index) => !found[index]);
}

function onPath(program: string): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  return folders.map((folder) => join(folder, program)).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function installPackages(names: readonly string[]): void {
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...names]);
}

/** A failure shows in its output here, and in what is still missing afterwards. */
function run(program: string, args: string[]): void {
  console.error(`${[program, ...args].join(' ')} …`);
  spawnSync(program, args, {
    stdio: ['ignore', 2, 2],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
}
