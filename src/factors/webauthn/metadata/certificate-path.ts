import type { X509Certificate } from 'node:crypto';

/** Nobody's path is longer; what goes on for ever is somebody's attempt to keep us busy. */
const LONGEST = 6;

/**
 * RFC 5280, section 6.1, as far as attestations and the metadata file need it: each certificate is signed by the next one,
 * until one that an anchor signed or that is an anchor itself. All are valid at `now`, and whoever signs is a CA. What
 * stands behind that in the list isn't looked at: roots send their cross-signed selves along. Asks nobody over the
 * network, so certificates can't make us fetch what they name.
 */
export function leadsTo(
  anchors: readonly X509Certificate[],
  path: readonly X509Certificate[],
  now: number,
): boolean {
  const trusted = anchors.filter((anchor) => isValid(anchor, now));
  let below: X509Certificate | null = null;
  for (const certificate of path.slice(0, LONGEST)) {
    if (!isValid(certificate, now)) return false;
    if (below !== null && !(certificate.ca && isSignedBy(below, certificate))) return false;
    if (trusted.some((anchor) => anchor.raw.equals(certificate.raw) || isSignedBy(certificate, anchor)))
      return true;
    below = certificate;
  }
  return false;
}

function isValid({ validFromDate, validToDate }: X509Certificate, now: number): boolean {
  return validFromDate.getTime() <= now && now <= validToDate.getTime();
}

/** By name and by signature. */
function isSignedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}
