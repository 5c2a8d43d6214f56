import { z } from 'zod';

/** WebAuthn L3, section 6.5.1: at most 1,023 bytes, here in base64url (R21). */
const LONGEST_ID = Math.ceil((1023 * 4) / 3);

const base64url = z.string().regex(/^[\w-]+$/);
const id = base64url.max(LONGEST_ID);
/** The object of `toJSON()` has more than this; nothing else of it is looked at. */
const answer = z.looseObject({ id, rawId: id, type: z.literal('public-key') });

const assertion = answer.extend({
  response: z.looseObject({
    clientDataJSON: base64url,
    authenticatorData: base64url,
    signature: base64url,
    userHandle: base64url.nullish(),
  }),
});
const attestation = answer.extend({
  response: z.looseObject({
    clientDataJSON: base64url,
    attestationObject: base64url,
    transports: z
      .array(z.string().regex(/^[a-z-]{1,20}$/))
      .max(10)
      .catch([]),
  }),
  clientExtensionResults: z
    .looseObject({ credProps: z.looseObject({ rk: z.boolean() }).optional() })
    .catch({}),
});

export type Assertion = z.infer<typeof assertion>;
export type Attestation = z.infer<typeof attestation>;

/** What `navigator.credentials.get` gave; null when it is nothing of the kind. */
export function readAssertion(text: string): Assertion | null {
  return read(assertion, text);
}

/** What `navigator.credentials.create` gave; null when it is nothing of the kind. */
export function readAttestation(text: string): Attestation | null {
  return read(attestation, text);
}

function read<T>(schema: z.ZodType<T>, text: string): T | null {
  try {
    return schema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
