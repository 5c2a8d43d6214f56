import { type Bucket, parseBucketUrl } from '../kit/bucket-url.ts';
import { ConfigError, type Environment, secret } from '../kit/environment.ts';

export function readDatabaseUrl(environment: Environment, dataDir: string): string {
  const text = secret(environment, 'DATABASE_URL') ?? `sqlite:${dataDir}/countersign.db`;
  if (/^sqlite:.+/.test(text)) return text;
  if (/^postgres(ql)?:\/\//.test(text) && URL.canParse(text)) return text;
  throw new ConfigError('DATABASE_URL', 'takes sqlite:PATH or postgres://USER:PASSWORD@HOST:PORT/NAME');
}

export function readBucket(environment: Environment): Bucket | null {
  const text = secret(environment, 'BUILDS_URL');
  if (text === null) return null;
  const bucket = parseBucketUrl(text);
  if (bucket) return bucket;
  throw new ConfigError(
    'BUILDS_URL',
    'takes s3://KEY:SECRET@HOST[:PORT]/BUCKET[?region=REGION&tls=no], with KEY and SECRET percent-encoded',
  );
}
