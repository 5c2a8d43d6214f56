import type { Platform } from '../builds/format-rules.ts';
import { systemName } from '../notices/browser-name.ts';

const PLATFORMS: Readonly<Record<string, Platform>> = {
  Android: 'android',
  iOS: 'ios',
  macOS: 'macos',
  Windows: 'windows',
  Linux: 'linux',
};

/** What a browser says that it runs on; null where it doesn't say, or nothing of ours runs there. An iPad likes to say Mac. */
export function platformOf(userAgent: string): Exclude<Platform, 'any'> | null {
  return (PLATFORMS[systemName(userAgent) ?? ''] as Exclude<Platform, 'any'> | undefined) ?? null;
}
