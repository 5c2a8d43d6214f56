import type { en } from './words.en.ts';

export const es: typeof en = {
  greeting: (name) => (name ? `Hola, ${name}:` : 'Hola:'),
  support: (address) => `¿Necesitas ayuda? Escribe a ${address}.`,
  sender: (brand, host) => `Este correo lo envía ${brand} desde ${host}.`,
};
