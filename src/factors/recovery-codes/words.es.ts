import type { RecoveryCodeWords } from './words.en.ts';

export const es: RecoveryCodeWords = {
  name: 'Código de recuperación',
  prompt: 'Código de recuperación',
  promptHint:
    'Uno de los diez códigos que guardaste al activar la autenticación en dos pasos. Cada uno sirve una vez.',
  button: 'Comprobar',
  link: 'Usar un código de recuperación',
  title: 'Códigos de recuperación',
  proposedLead:
    'Estos códigos son nuevos y todavía no sirven. Guárdalos y pulsa después el botón: a partir de entonces servirán estos y los actuales dejarán de hacerlo.',
  makeValid: 'Los he guardado: usar estos',
  copy: 'Copiar',
  copied: 'Copiado',
  download: 'Descargar',
  print: 'Imprimir',
  cancel: 'Conservar los actuales',
};
