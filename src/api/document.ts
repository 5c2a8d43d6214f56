import { z } from 'zod';
import type { RefusalCode } from '../kit/refusal.ts';
import { shapeOf } from '../web/refusals.ts';
import { API } from './mount.ts';
import type { Example, Operation } from './operation.ts';
import { problem } from './problem.ts';

/** What every operation may answer besides its own refusals. */
const COMMON: readonly RefusalCode[] = [
  'malformed_request',
  'token_required',
  'scope_missing',
  'database_away',
];

/** What the program must know of the file's part. */
const FILE = 'The file with its name, behind all other fields.';

type Json = Record<string, unknown>;

const MADE: Json = { description: 'Where it stands.', schema: { type: 'string', format: 'uri-reference' } };

/**
 * The OpenAPI 3.1 document, from the schemas that check the input. `baseUrl` without a slash at its end.
 */
export function openApiDocument(operations: readonly Operation[], baseUrl: string, version: string): Json {
  const components = new Map<string, Json>();
  schemaOf(problem, 'output');
  const paths: Record<string, Record<string, Json>> = {};
  for (const one of operations) {
    paths[one.path] ??= {};
    (paths[one.path] as Record<string, Json>)[one.method.toLowerCase()] = describe(one);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Countersign management API',
      version,
      description:
        'For programs that an administrator has registered (kind `api`). Lists are paged by cursor; refusals are ' +
        'problem+json (RFC 9457).',
    },
    servers: [{ url: baseUrl + API }],
    security: [{ client_credentials: [] }],
    paths,
    components: {
      schemas: Object.fromEntries(components),
      securitySchemes: {
        client_credentials: {
          type: 'oauth2',
          flows: { clientCredentials: { tokenUrl: `${baseUrl}/oidc/token`, scopes: scopesOf(operations) } },
        },
      },
    },
  };

  /** Schemas with a name stand once, among the components. */
  function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
    const {
      $schema: _dialect,
      $defs,
      ...plain
    } = z.toJSONSchema(schema, {
      io,
      unrepresentable: 'any',
      // An answer may come to say more; a program that reads it must not mind.
      override({ jsonSchema }) {
        if (io === 'output') delete jsonSchema.additionalProperties;
      },
    });
    for (const [name, definition] of Object.entries($defs ?? {})) components.set(name, moved(definition));
    return moved(plain);
  }

  function describe(one: Operation): Json {
    const { result, body, example } = one;
    const success = result
      ? {
          description: 'Done.',
          ...(one.makes ? { headers: { Location: MADE } } : {}),
          content: { 'application/json': { schema: schemaOf(result, 'output'), example: example.result } },
        }
      : { description: 'Done.' };
    return {
      operationId: one.id,
      tags: [one.tag],
      summary: one.summary,
      ...(one.description ? { description: one.description } : {}),
      security: [{ client_credentials: [one.scope] }],
      parameters: [...parametersOf(one, 'path'), ...parametersOf(one, 'query')],
      ...(body
        ? {
            requestBody: {
              required: true,
              content: one.upload
                ? { 'multipart/form-data': formOf(body, example) }
                : { 'application/json': { schema: schemaOf(body, 'input'), example: example.body } },
            },
          }
        : {}),
      responses: { [one.status ?? (result ? 200 : 204)]: success, ...refusalsOf(one) },
    };
  }

  /** The order of the fields is that of the form: what stands behind the file is not read. */
  function formOf(fields: z.ZodType, example: Example): Json {
    const {
      properties = {},
      required = [],
      ...plain
    } = schemaOf(fields, 'input') as {
      properties?: Json;
      required?: string[];
    };
    const file = { type: 'string', contentMediaType: 'application/octet-stream', description: FILE };
    return {
      schema: { ...plain, properties: { ...properties, file }, required: [...required, 'file'] },
      encoding: { file: { contentType: 'application/octet-stream' } },
      example: { ...(example.body as Json), file: `(the bytes of ${example.file})` },
    };
  }

  function parametersOf(one: Operation, place: 'path' | 'query'): Json[] {
    const schema = place === 'path' ? one.params : one.query;
    if (!schema) return [];
    const { properties = {}, required = [] } = schemaOf(schema, 'input') as {
      properties?: Record<string, Json>;
      required?: string[];
    };
    const examples = (place === 'path' ? one.example.params : one.example.query) ?? {};
    return Object.entries(properties).map(([name, { description, ...shape }]) => ({
      name,
      in: place,
      required: place === 'path' || required.includes(name),
      ...(description ? { description } : {}),
      schema: shape,
      ...(examples[name] === undefined ? {} : { example: examples[name] }),
    }));
  }
}

/** Where the named schemas stand in an OpenAPI document. */
function moved(schema: object): Json {
  return JSON.parse(JSON.stringify(schema).replaceAll('#/$defs/', '#/components/schemas/')) as Json;
}

/** An upload that is too large is told by its own rules. */
function refusalsOf({ method, refusals = [], upload }: Operation): Record<string, Json> {
  const ofBody: readonly RefusalCode[] = upload
    ? ['unsupported_body']
    : ['unsupported_body', 'body_too_large'];
  const byStatus = new Map<number, RefusalCode[]>();
  for (const code of [...COMMON, ...(method === 'GET' ? [] : ofBody), ...refusals]) {
    const { status } = shapeOf(code);
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      String(status),
      { description: `Refused: ${codes.map((code) => `\`${code}\``).join(', ')}.`, content },
    ]),
  );
}

function scopesOf(operations: readonly Operation[]): Record<string, string> {
  return Object.fromEntries(
    operations.map(({ scope }) => [
      scope,
      operations
        .filter((one) => one.scope === scope)
        .map(({ id }) => id)
        .join(', '),
    ]),
  );
}
