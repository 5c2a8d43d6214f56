/** Whom and what the examples of the document name; the test makes them before it runs the examples. */
export const EXAMPLE = {
  account: '5b0c2f6e9a7d41d38c3e1f0a7b6d2c91',
  factor: '9d41a0c77e5f4b0fb1c2d3e4f5061728',
  session: '1f7e6d5c4b3a29180f1e2d3c4b5a6978',
  group: 'c0ffee00c0ffee00c0ffee00c0ffee00',
  client: '7a3b9c1d5e8f40216b7c8d9e0f1a2b3c',
  app: '2c4e6a8b0d1f3a5c7e9b1d3f5a7c9e0b',
  build: '8e6c4a2b0f1d3b5a7c9e1f3d5b7a9c0e',
  at: '2026-05-03T09:30:00.000Z',
} as const;
