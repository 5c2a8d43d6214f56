import type { TotpWords } from './words.en.ts';

export const es: TotpWords = {
  title: 'Escribe el código de tu aplicación',
  prompt: 'Código de un solo uso',
  promptHint: (entry, label) => [
    `Abre tu aplicación de autenticación y usa la entrada «${entry}», añadida `,
    label === null ? '.' : ` en «${label}».`,
  ],
  promptHintPreferred: (entry, label) =>
    `Abre tu aplicación de autenticación y usa la entrada «${entry}» en «${label}». Tus otras aplicaciones también sirven.`,
  promptHintMany: (entry) => `Abre tu aplicación de autenticación y usa la entrada «${entry}».`,
  button: 'Comprobar',
  link: 'Usar la aplicación de autenticación',
  help: [
    '¿Es la entrada correcta? La aplicación muestra una por cada cuenta.',
    '¿El teléfono se pone en hora solo? Los códigos dependen de la hora.',
    'Un código sirve una vez y durante 30 segundos.',
  ],
  enrolTitle: 'Configura una aplicación de autenticación',
  replaceTitle: 'Cambia tu aplicación de autenticación',
  enrolLead:
    'Sirve cualquiera que genere códigos de un solo uso: tu gestor de contraseñas o una gratuita, como Google Authenticator o Aegis.',
  replaceLead: 'La aplicación actual sigue funcionando hasta que escribas un código de la nueva.',
  scanTitle: 'Escanea este código con tu aplicación',
  scanAlt: 'Código QR para tu aplicación de autenticación',
  scanAgainst: '¿No puedes escanearlo? Escribe esta clave en la aplicación:',
  onThisDevice: '¿La aplicación está en este dispositivo?',
  openApp: 'Abrir mi aplicación de autenticación',
  saveTitle: 'Guarda tus códigos de recuperación',
  saveLead:
    'Cada uno te permite entrar una vez sin el teléfono. Guárdalos en otro lugar: en papel o en un gestor de contraseñas.',
  copy: 'Copiar clave',
  copied: 'Copiado',
  typeTitle: 'Escribe el código que muestra la aplicación',
  label: 'Nombre de la aplicación o del teléfono',
  labelHint: 'Opcional. Ayuda a distinguir tus aplicaciones.',
  defaultLabel: 'Aplicación de autenticación',
  counted: (count) =>
    count === 1 ? 'una aplicación de autenticación' : `${count} aplicaciones de autenticación`,
  addLink: 'Añadir una aplicación de autenticación',
  enable: 'Activar',
  add: 'Añadir aplicación',
  replace: 'Cambiar',
  cancel: 'Cancelar',
};
