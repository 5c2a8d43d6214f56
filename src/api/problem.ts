import { z } from 'zod';

/** How every refusal of the API looks (RFC 9457), `application/problem+json`. */
export const problem = z
  .object({
    type: z
      .string()
      .meta({ description: 'A URN that names the kind of problem: `urn:countersign:problem:CODE`.' }),
    title: z.string().meta({ description: 'What happened and what to do next, for people.' }),
    status: z.int(),
    code: z.string().meta({ description: 'For programs; the codes are stable.' }),
    request_id: z.string(),
    errors: z
      .array(z.object({ at: z.string(), message: z.string() }))
      .optional()
      .meta({ description: 'What is wrong with which part of the request.' }),
  })
  .meta({ id: 'Problem' });
