import type { RecoveryCodeWords } from './words.en.ts';

export const es: RecoveryCodeWords = {
  name: 'Código de recuperación',
  prompt: 'Código de recuperación',
  promptHint:
    'Uno de los diez códigos que guardaste al activar la autenticación en dos pasos. Cada uno sirve una vez.',
  button: 'Iniciar sesión',
  link: 'Usar un código de recuperación',
  title: 'Códigos de recuperación',
  lead: 'Cada código te permite entrar una vez cuando no tengas el teléfono ni la llave.',
  proposedLead:
    'Este es un juego nuevo que aún no vale. Guárdalo primero; después actívalo y los códigos actuales dejarán de servir.',
  save: 'Guarda estos códigos',
  makeValid: 'Los he guardado: usar estos códigos',
  copy: 'Copiar',
  copied: 'Copiado',
  download: 'Descargar',
  print: 'Imprimir',
  cancel: 'Conservar los códigos actuales',
};
