import type { PersonWords } from './words.en.ts';

export const es: PersonWords = {
  page: {
    own: 'Esta es tu propia cuenta. Lo que puedes cambiar tú está en',
    ownPlace: 'Cuenta',
    ownRest: 'Lo demás debe hacerlo otro administrador.',
    request: (name) => `${name} ha perdido todos sus segundos pasos y pide ayuda.`,
    openRequest: 'Abrir la solicitud',
    facts: 'Cuenta',
    addresses: 'Correos',
    primary: 'inicia sesión',
    recovery: 'para recuperar la cuenta',
    unproven: 'sin confirmar',
    role: 'Función',
    state: 'Estado',
    since: 'Cuenta desde',
    states: {
      active: 'Activa',
      suspended: 'Suspendida: nadie inicia sesión con esta cuenta',
      invited: 'Invitada, aún no ha entrado',
      expired: 'Invitada, pero el enlace ha caducado',
      mustEnrol: 'Debe activar la autenticación en dos pasos al iniciar sesión',
      leaving: 'Pendiente de borrarse: nadie inicia sesión con esta cuenta',
    },
    changeRole: 'Cambiar la función',
    erased: 'Se borra',
  },
  factors: {
    title: 'Autenticación en dos pasos',
    off: 'La autenticación en dos pasos no está activada.',
    on: 'Activada desde el',
    added: 'Añadido',
    lastUsed: 'último uso',
    neverUsed: 'sin usar',
    suspended: 'Suspendido',
    codes: (left) =>
      left === 1 ? 'Queda 1 código de recuperación' : `Quedan ${left} códigos de recuperación`,
    remove: 'Quitar',
    removeOf: (label) => `Quitar ${label}`,
    reset: 'Restablecer la autenticación en dos pasos',
  },
  groups: {
    title: 'Grupos',
    none: 'Ningún grupo.',
    add: 'Añadir a un grupo',
    addButton: 'Añadir',
    leave: 'Quitar',
    leaveOf: (group) => `Quitar de ${group}`,
  },
  sessions: {
    title: 'Sesiones',
    none: 'No tiene ninguna sesión abierta.',
    last: 'último uso',
    since: 'iniciada',
    end: 'Cerrar',
    endOf: (browser) => `Cerrar ${browser}`,
    endAll: 'Cerrar todas las sesiones',
  },
  holds: {
    title: 'En espera',
    codes: (until) =>
      until === null
        ? 'Los códigos escritos están cerrados tras demasiados incorrectos.'
        : `Los códigos escritos están en pausa hasta el ${until}.`,
    passwordNetwork: (until) => `La contraseña espera, desde una red, hasta el ${until}.`,
    passwordBrowser: (until) => `La contraseña espera, desde un navegador conocido, hasta el ${until}.`,
    passwordEverywhere: (until) => `La contraseña espera, desde cualquier lugar, hasta el ${until}.`,
    changes: (until) =>
      `Los cambios de seguridad están en pausa hasta el ${until}: alguien dijo «No fui yo».`,
    unlock: 'Olvidar códigos y contraseñas erróneos',
  },
  records: {
    title: 'Registros recientes',
    none: 'No hay nada registrado de esta cuenta.',
    all: (name) => `Todos los registros de ${name}`,
    allShort: 'Todos los registros',
  },
  more: {
    title: 'Acceso',
    resetPassword: 'Pedir una contraseña nueva',
    inviteAgain: 'Invitar de nuevo',
    data: 'Descargar sus datos',
    suspend: 'Suspender la cuenta',
    restore: 'Reactivar la cuenta',
    keep: 'Conservar la cuenta',
    erase: 'Eliminar la cuenta',
  },
  questions: {
    cancel: 'Cancelar',
    suspend: {
      title: '¿Suspender esta cuenta?',
      lead: (name, sessions) =>
        sessions === 0
          ? `${name} ya no podrá iniciar sesión. No se borra nada y puedes reactivar la cuenta.`
          : `${name} ya no podrá iniciar sesión y ${sessions === 1 ? 'su sesión se cierra' : `sus ${sessions} sesiones se cierran`} en el acto. No se borra nada y puedes reactivar la cuenta.`,
      button: 'Suspender',
    },
    restore: {
      title: '¿Reactivar esta cuenta?',
      lead: (name) => `${name} podrá volver a iniciar sesión con la contraseña y el segundo paso de antes.`,
      button: 'Restablecer',
    },
    keep: {
      title: '¿Conservar esta cuenta?',
      lead: (name) =>
        `No se borra. ${name} podrá volver a iniciar sesión con la contraseña y el segundo paso de antes, y recibe un correo que lo dice.`,
      button: 'Conservar la cuenta',
    },
    unlock: {
      title: '¿Olvidar códigos y contraseñas erróneos?',
      lead: (name) =>
        `Terminan las esperas y pausas de ${name}, y se vuelven a admitir códigos escritos. Si alguien estaba probando, también podrá seguir: pregunta antes a ${name}.`,
      button: 'Olvidar',
    },
    endOne: {
      title: '¿Cerrar esta sesión?',
      lead: (name, browser, network) =>
        `La sesión de ${name} en ${browser}, desde ${network}, se cierra en el acto.`,
      button: 'Cerrar la sesión',
    },
    endAll: {
      title: '¿Cerrar todas las sesiones?',
      lead: (name, sessions) =>
        `${name} queda fuera en el acto en todas partes${sessions === 1 ? '' : `, en ${sessions} sesiones`}, y tendrá que iniciar sesión de nuevo.`,
      button: 'Cerrar todas las sesiones',
    },
    remove: {
      title: (label) => `¿Quitar ${label}?`,
      lead: (name) =>
        `Ya no servirá para el segundo paso y se cierran todas las sesiones de ${name}. Un correo le dirá quién lo ha quitado.`,
      button: 'Quitar',
    },
    leave: {
      title: (group) => `¿Quitar de ${group}?`,
      lead: (name, group) => `${name} ya no podrá abrir lo que es solo para las personas de ${group}.`,
      button: 'Quitar',
    },
  },
  forms: {
    cancel: 'Cancelar',
    role: {
      title: 'Cambiar la función',
      lead: (name) => `Se cierran todas las sesiones de ${name} y un correo le dice quién cambió su función.`,
      label: 'Función',
      hint: 'Los editores gestionan además aplicaciones. Los administradores gestionan además a las personas y deben usar la autenticación en dos pasos: a quien no la tenga se le pide al iniciar sesión.',
      save: 'Cambiar la función',
    },
    reset: {
      title: '¿Restablecer la autenticación en dos pasos?',
      lead: (name) =>
        `Se borran todos los segundos pasos y códigos de recuperación de ${name} y se cierran todas sus sesiones. Desde entonces basta la contraseña, hasta que configure un segundo paso nuevo.`,
      sure: (name) =>
        `Asegúrate de que hablas con ${name}: los ladrones también llaman pidiendo ayuda. Si puede esperar, ${name} puede pedir ayuda en el segundo paso, y deciden dos administradores.`,
      reason: 'Por qué',
      reasonHint: (name) => `${name} lo leerá en el correo, junto con tu nombre.`,
      save: 'Restablecer',
      nothing: 'Esta cuenta no tiene activada la autenticación en dos pasos: no hay nada que restablecer.',
    },
    password: {
      title: '¿Pedir una contraseña nueva?',
      lead: (name, email) =>
        `${name} recibirá en ${email} un enlace para elegir una contraseña nueva y se cierran todas sus sesiones. Hasta entonces sirve la anterior. Nadie más la ve ni la pone.`,
      reason: 'Por qué',
      reasonHint: 'Queda en los registros.',
      save: 'Enviar el enlace',
      nothing: 'Esta cuenta no tiene ahora ninguna contraseña que se pueda cambiar.',
    },
    data: {
      title: 'Descargar sus datos',
      lead: (name) =>
        `Todo lo que se guarda aquí sobre ${name}, en un archivo JSON, como puede descargarlo por su cuenta.`,
      sure: (name) =>
        `No contiene ningún secreto. Nombra a ${name}: dáselo a esa persona y a nadie más. Los registros dicen que lo has descargado.`,
      save: 'Descargar el archivo',
      back: 'Volver',
    },
    erase: {
      title: '¿Eliminar esta cuenta?',
      lead: (name, wait) =>
        `Se cierran todas las sesiones de ${name}, que ya no podrá iniciar sesión. Pasados ${wait} la cuenta se borra con todo lo suyo; hasta entonces los administradores pueden conservarla.`,
      sure: (name) =>
        `Los registros se conservan bajo un seudónimo que entonces ya no nombra a nadie. Para dejar fuera a ${name} solo por un tiempo, suspende la cuenta.`,
      reason: 'Por qué',
      reasonHint: (name) => `${name} lo leerá en el correo, junto con tu nombre.`,
      save: 'Eliminar la cuenta',
      nothing: 'Esta cuenta ya está pendiente de borrarse.',
    },
  },
};
