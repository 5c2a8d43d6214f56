import type { TotpWords } from './words.en.ts';

export const es: TotpWords = {
  name: 'Aplicación de autenticación',
  prompt: 'Código de un solo uso',
  promptHint: (entry, label) => [
    `Abre tu aplicación de autenticación y usa la entrada «${entry}», añadida `,
    ` en «${label}».`,
  ],
  promptHintMany: (entry) => `Abre tu aplicación de autenticación y usa la entrada «${entry}».`,
  button: 'Verificar',
  link: 'Usar la aplicación de autenticación',
  help: [
    '¿Es la entrada correcta? La aplicación muestra una por cada cuenta.',
    '¿El reloj del teléfono se ajusta solo? Los códigos dependen de él.',
    'Un código sirve una vez y durante 30 segundos: espera al siguiente.',
  ],
  enrolTitle: 'Configura una aplicación de autenticación',
  replaceTitle: 'Cambia tu aplicación de autenticación',
  enrolLead:
    'Sirve cualquier aplicación que genere códigos de un solo uso: la de tu gestor de contraseñas o una gratuita de la tienda de tu teléfono.',
  replaceLead: 'La aplicación actual sigue funcionando hasta que escribas un código de la nueva.',
  scanTitle: 'Escanea este código con tu aplicación',
  scanAlt: 'Código QR para tu aplicación de autenticación',
  scanAgainst: '¿No puedes escanearlo? Escribe esta clave en la aplicación:',
  keyLabel: 'Clave',
  openApp: 'En este teléfono: abrir mi aplicación de autenticación',
  saveTitle: 'Guarda tus códigos de recuperación',
  saveLead:
    'Cada uno te permite entrar una vez cuando no tengas el teléfono. Guárdalos donde no esté el teléfono: en papel o en un gestor de contraseñas.',
  copy: 'Copiar',
  copied: 'Copiado',
  typeTitle: 'Escribe el código que muestra la aplicación',
  label: 'Nombre de la aplicación o del teléfono',
  labelHint: 'Opcional. Ayuda a distinguir tus aplicaciones.',
  defaultLabel: 'Aplicación de autenticación',
  enable: 'Activar',
  add: 'Añadir aplicación',
  replace: 'Cambiar',
  expired: 'Estos códigos se mostraron durante diez minutos. Aquí tienes otros nuevos: escanea de nuevo.',
  cancel: 'Cancelar',
};
