/** The frame of every letter. */
export const en = {
  greeting: (name: string) => (name ? `Hello ${name},` : 'Hello,'),
  support: (address: string) => `Do you need help? Write to ${address}.`,
  sender: (brand: string, host: string) => `This mail was sent by ${brand} at ${host}.`,
};
