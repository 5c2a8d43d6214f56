import type { Chrome } from './chrome.en.ts';

export const es: Chrome = {
  skip: 'Ir al contenido',
  menu: 'Menú',
  navigation: 'Cuenta',
  sections: {
    profile: 'Perfil',
    email: 'Direcciones de correo',
    password: 'Contraseña',
    security: 'Seguridad',
    sessions: 'Sesiones',
    activity: 'Actividad',
    people: 'Personas',
    recovery: 'Solicitudes de ayuda',
  },
  signedInAs: 'Has iniciado sesión como',
  signOut: 'Cerrar sesión',
  help: 'Ayuda',
  privacy: 'Privacidad',
  terms: 'Condiciones',
  support: 'Soporte',
  mailbox: 'Buzón',
  local: 'Modo local: los correos y los mensajes de texto se quedan en el buzón de este equipo.',
  localMails:
    'Modo local: los correos se quedan en el buzón de este equipo. Los mensajes de texto se envían.',
  show: 'Mostrar',
  showPassword: 'Mostrar la contraseña',
  hide: 'Ocultar',
  hidePassword: 'Ocultar la contraseña',
  errors: {
    request: {
      title: 'No entendemos esta petición',
      next: 'Ve a la página de inicio e inténtalo desde allí.',
    },
    forbidden: {
      title: 'Esto no está permitido',
      next: 'Si crees que debería estarlo, habla con tu administrador.',
    },
    missing: { title: 'Aquí no hay nada', next: 'Comprueba la dirección o empieza en la página de inicio.' },
    conflict: { title: 'Ahora no se puede hacer', next: 'No se cambió nada.' },
    link: { title: 'Este enlace no se puede usar', next: 'No se cambió nada.' },
    wait: { title: 'Demasiados intentos', next: 'Esto protege tu cuenta. No se cambió nada en ella.' },
    away: { title: 'Un momento, por favor', next: 'Tu cuenta está a salvo. Vuelve enseguida.' },
    fault: { title: 'Algo ha fallado', next: 'Tu cuenta está a salvo. Vuelve a intentarlo en un momento.' },
  },
  start: 'Ir a la página de inicio',
  writeToSupport: 'Si no se arregla, escribe a',
};
