import { hash } from 'node:crypto';
import { refuseField } from '../kit/refusal.ts';
import { inThread } from './in-thread.ts';
import { LARGEST_ICON, LARGEST_SIDE, pngSize, SMALLEST_SIDE } from './picture-rules.ts';

export interface Icon {
  /** A PNG file of 256 by 256 pixels, base64. */
  readonly png: string;
  /** Changes with the picture: part of its address. */
  readonly hash: string;
}

/**
 * Looks at the size that the file claims before it is unpacked. `whose`: the publisher's account, or what stands for it.
 * @throws {Refusal} invalid_input on `icon`, too_many_attempts
 */
export async function readIcon(file: Buffer, whose: string): Promise<Icon> {
  if (file.length > LARGEST_ICON) throw refuseField('icon', 'icon_too_large');
  const size = pngSize(file);
  if (!size) throw refuseField('icon', 'icon_unreadable');
  const sides = [size.width, size.height];
  if (sides.some((side) => side > LARGEST_SIDE || side < SMALLEST_SIDE))
    throw refuseField('icon', 'icon_too_large');
  const drawn = await inThread<Uint8Array>(new URL('./redraw-icon.ts', import.meta.url), file, whose);
  if (!drawn) throw refuseField('icon', 'icon_unreadable');
  return { png: Buffer.from(drawn).toString('base64'), hash: hash('sha256', drawn).slice(0, 16) };
}
