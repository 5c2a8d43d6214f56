/** FIDO's list of authenticator models as it was last fetched: signed, so that whoever reads it can check it again (R23). */
export interface KeyMetadataTable {
  /** `fido`: there is one. */
  id: string;
  /** Of the issue; may only rise. */
  no: number;
  file: string;
  fetched_at: number;
}
