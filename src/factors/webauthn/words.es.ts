import type { WebauthnWords } from './words.en.ts';

export const es: WebauthnWords = {
  title: 'Usa tu llave de seguridad',
  lead: 'Toca la llave o usa la huella, la cara o el PIN de este dispositivo. El navegador te indica cómo.',
  button: 'Usar la llave de seguridad',
  link: 'Usar una llave de seguridad o llave de acceso',
  noScript:
    'Las llaves de seguridad necesitan JavaScript, que no está activo en este navegador. Puedes usar:',
  name: 'Llave de seguridad',
  counted: (count) => (count === 1 ? 'una llave de seguridad' : `${count} llaves de seguridad`),
  addLink: 'Añadir una llave de seguridad o llave de acceso',
  synced: 'sincronizada entre tus dispositivos',
  onDevice: 'solo en esta llave o dispositivo',
  elsewhere: (host) => `solo sirve en ${host}`,
  addTitle: 'Añade una llave de seguridad o llave de acceso',
  replaceTitle: 'Cambia tu llave de seguridad',
  addLead:
    'Una llave para conectar o acercar, la huella o la cara en este dispositivo, Windows Hello o una llave de acceso en tu teléfono.',
  replaceLead: 'La llave actual sigue funcionando hasta que se añada la nueva.',
  demanding:
    'Tu organización solo acepta ciertos modelos de llaves. Si el navegador pregunta si puede mostrar el modelo de la tuya, permítelo.',
  label: 'Nombre de la llave',
  labelHint: 'Opcional. Sin nombre, la llave lleva el de su modelo.',
  add: 'Añadir llave',
  replace: 'Cambiar llave',
  cancel: 'Cancelar',
  addNoScript: 'Para añadir una llave hace falta JavaScript, que no está activo en este navegador.',
  appNoScript: 'Una aplicación de autenticación no lo necesita:',
  codesTitle: 'Guarda tus códigos de recuperación',
  codesLead:
    'Cada uno te permite entrar una vez sin la llave. Guárdalos en otro lugar: en papel o en un gestor de contraseñas.',
  touchTitle: 'Añade tu llave',
  noName:
    'Las llaves de seguridad solo funcionan en un sitio con nombre, y la dirección de este es un número. Pide un nombre como id.example.org a quien lo administra.',
  otherFirst:
    'Configura primero una aplicación de autenticación. Después podrás añadir una llave junto a ella, y si pierdes una de las dos cosas podrás entrar con la otra.',
  setUpApp: 'Configurar una aplicación de autenticación',
  anyFirst:
    'Configura primero otro método. Después podrás añadir una llave junto a él, y si pierdes una de las dos cosas podrás entrar con la otra.',
  setUpOther: 'Ver qué se puede configurar',
  passkey: 'Entrar con una llave de acceso',
  ceremony: {
    busy: 'Sigue los pasos del navegador.',
    cancelled: 'No se confirmó nada. Pulsa el botón para intentarlo de nuevo.',
    slow: 'Ha tardado demasiado. Pulsa el botón para intentarlo de nuevo.',
    known: 'Esta llave ya está añadida.',
    failed: 'Este navegador no pudo usar la llave. Inténtalo de nuevo o usa otro medio.',
    unsupported: 'Este navegador no admite llaves de seguridad ni llaves de acceso.',
  },
};
