import type { OidcWords } from './words.en.ts';

const TOLD =
  'Las aplicaciones que abriste desde aquí reciben aviso, para que también puedan cerrar tu sesión.';

export const es: OidcWords = {
  scopes: {
    openid: () => 'Saber que eres tú y cómo iniciaste sesión',
    profile: () => 'Ver tu nombre, idioma y zona horaria',
    email: ({ email }) => `Ver tu correo, ${email}`,
    groups: ({ groups }) => (groups === '' ? 'Ver a qué grupos perteneces' : `Ver tus grupos: ${groups}`),
    offline_access: () => 'Conservar este acceso cuando hayas cerrado la sesión',
  },
  consent: {
    title: (app) => `¿Dejas que ${app} use tu cuenta?`,
    lead: (app, host) => `${app} (${host}) quiere:`,
    untilSignOut:
      'Podrá hacerlo hasta que cierres la sesión aquí o le retires el acceso en Aplicaciones conectadas.',
    offline:
      'Podrá hacerlo hasta que le retires el acceso en Aplicaciones conectadas o hasta que pase 30 días sin usarlo.',
    unproven:
      'Esta aplicación funciona en tu propio dispositivo, donde otro programa podría usar su nombre. Permítelo solo si acabas de abrirla tú.',
    allow: 'Permitir',
    deny: 'Rechazar',
    signedInAs: 'Has iniciado sesión como',
  },
  back: (app) => `Volver a ${app}`,
  entry: {
    title: (app) => `${app} no está abierta para ti`,
    body: 'Solo pueden usarla ciertos grupos y no perteneces a ninguno. Si es un error, habla con tu administrador.',
  },
  other: {
    title: 'Hace falta otra cuenta',
    body: (app, email) => `Has iniciado sesión como ${email}, pero ${app} espera otra de tus cuentas.`,
    switch: 'Iniciar sesión con otra cuenta',
  },
  choose: {
    title: '¿Qué cuenta?',
    body: (app, email) => `Has iniciado sesión como ${email}. ${app} pregunta qué cuenta quieres usar.`,
    only: 'Si usas otra, se cierra la sesión de esta.',
    use: 'Continuar con esta cuenta',
    switch: 'Usar otra cuenta',
  },
  logout: {
    title: '¿Cerrar la sesión?',
    lead: (app, brand) => `${app} pide cerrar tu sesión en ${brand}. ${TOLD}`,
    leadAlone: (brand) => `Se cerrará tu sesión en ${brand}. ${TOLD}`,
    button: 'Cerrar sesión',
    stay: 'Seguir con la sesión',
  },
  errors: {
    title: 'Este inicio de sesión no puede seguir',
    unknownApp:
      'No conocemos la aplicación que te envió aquí. Puede que se haya eliminado o que esté mal configurada.',
    wrongAddress:
      'La aplicación nos pidió enviarte a una dirección con la que no está registrada. Nos detuvimos para que nada sobre ti llegue allí.',
    ended:
      'Este inicio de sesión ya tuvo respuesta, estuvo abierto demasiado tiempo o empezó en otro navegador. Vuelve a la aplicación y empieza allí de nuevo.',
    malformed: 'La aplicación preguntó de una forma a la que no podemos responder.',
    next: 'Vuelve a la aplicación e inténtalo de nuevo. Si no funciona, enseña esto a quien se ocupa de ella:',
  },
  apps: {
    title: 'Aplicaciones conectadas',
    lead: 'Aplicaciones a las que has permitido usar tu cuenta.',
    empty:
      'Aún no has permitido a ninguna aplicación usar tu cuenta. Cuando abras una, preguntará aquí primero.',
    since: 'Permitida',
    last: 'último uso',
    revoke: 'Retirar acceso',
    revokeOf: (app) => `Retirar acceso a ${app}`,
    question: (app) => `¿Retirar el acceso de ${app}?`,
    questionLead: (app) =>
      `${app} pierde su acceso al momento. Tu sesión aquí sigue abierta y la aplicación volverá a preguntarte la próxima vez que la abras.`,
    revokeButton: 'Retirar acceso',
    cancel: 'Cancelar',
  },
};
