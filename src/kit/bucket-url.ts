/** An S3-compatible store: AWS itself, MinIO, Ceph, Garage, … */
export interface Bucket {
  /** `https://s3.example.org:9000` */
  readonly endpoint: string;
  readonly region: string;
  readonly name: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

const OPTIONS = new Set(['region', 'tls']);

/** `s3://KEY:SECRET@host[:port]/bucket[?region=eu-central-1&tls=no]`; KEY and SECRET percent-encoded. Null when it is none. */
export function parseBucketUrl(text: string): Bucket | null {
  const url = /^s3:\/\//.test(text) && URL.canParse(text) ? new URL(text) : null;
  const name = url?.pathname.slice(1) ?? '';
  if (!url || url.hostname === '' || url.hash !== '' || !/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name))
    return null;
  const accessKeyId = decode(url.username);
  const secretAccessKey = decode(url.password);
  if (!accessKeyId || !secretAccessKey) return null;
  if ([...url.searchParams.keys()].some((option) => !OPTIONS.has(option))) return null;
  const region = url.searchParams.get('region') ?? 'us-east-1';
  const tls = url.searchParams.get('tls') ?? 'yes';
  if (!/^[a-z0-9-]{1,40}$/.test(region) || !['yes', 'no'].includes(tls)) return null;
  return {
    endpoint: `${tls === 'yes' ? 'https' : 'http'}://${url.host}`,
    region,
    name,
    accessKeyId,
    secretAccessKey,
  };
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
