/** What `form-action` must name so that a form may lead back to an app: its origin, or the scheme that it has for itself. */
export function formTarget(redirectUri: string): string {
  const { origin, protocol } = new URL(redirectUri);
  return origin === 'null' ? protocol : origin;
}
