import { readName } from '../accounts/create-account.ts';
import { record } from '../audit/record.ts';
import { isUniqueViolation } from '../database/unique-violation.ts';
import { newId } from '../kit/random.ts';
import { type FieldComplaint, Refusal, refuseField, refuseFields } from '../kit/refusal.ts';
import type { App } from './app.ts';
import { isSlug, LONGEST_DESCRIPTION } from './name-rules.ts';
import { type BuildDeps, doneBy, lockPublisher, type Publisher } from './publisher.ts';
import { insertApp } from './store.ts';

export interface AppTexts {
  readonly name: string;
  readonly description: string;
}

/** It belongs to the person who creates it. @throws {Refusal} invalid_input, not_found, changes_frozen */
export async function createApp(
  deps: BuildDeps,
  publisher: Publisher,
  { slug, ...typed }: AppTexts & { readonly slug: string },
): Promise<App> {
  const texts = checkTexts(typed, { slug, complaint: isSlug(slug) ? null : 'slug_invalid' });
  const app: App = {
    id: newId(deps.random),
    slug,
    ...texts,
    owner_id: publisher.account?.id ?? null,
    icon_hash: null,
    created_at: publisher.place.now,
  };
  await deps.database.transaction(async (tx) => {
    await lockPublisher(tx, publisher);
    await insertApp(tx, app).catch(explainTaken);
    await record(tx, publisher.place, {
      event: 'store.app_created',
      ...doneBy(publisher),
      detail: { app: slug },
    });
  });
  return app;
}

/** Name and description as they are kept; all complaints at once. @throws {Refusal} invalid_input */
export function checkTexts(
  { name, description }: AppTexts,
  address?: { readonly slug: string; readonly complaint: FieldComplaint | null },
): AppTexts {
  const readable = readName(name);
  const text = description.normalize('NFC').replace(/\r\n?/g, '\n').trim();
  const refusal = refuseFields(
    { name, slug: address?.slug ?? 'kept' },
    {
      slug: address?.complaint ?? null,
      name: readable === null && 'name_invalid',
      description: [...text].length > LONGEST_DESCRIPTION && 'too_long',
    },
  );
  if (readable === null || Object.keys(refusal.detail.fields ?? {}).length > 0) throw refusal;
  return { name: readable, description: text };
}

function explainTaken(error: unknown): never {
  throw isUniqueViolation(error) ? refuseField('slug', 'slug_taken') : error;
}

/** PostgreSQL takes no zero byte in a text. @throws {Refusal} malformed_request */
export function refuseZeroBytes(...texts: readonly string[]): void {
  if (texts.some((text) => text.includes('\0'))) throw new Refusal('malformed_request');
}
