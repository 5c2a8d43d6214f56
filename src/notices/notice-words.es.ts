import type { en } from './notice-words.en.ts';

const codes = (count: number) =>
  count === 1
    ? 'Queda 1 código de recuperación'
    : `${count === 0 ? 'No quedan' : `Quedan ${count}`} códigos de recuperación`;

/** "hasta la 1:05", "hasta las 2:05". */
const upTo = (time: string) => `${/^0?1:/.test(time) ? 'hasta la' : 'hasta las'} ${time}`;

export const es: typeof en = {
  two_factor_on: {
    subject: () => 'La autenticación en dos pasos está activada',
    body: ({ brand }) => [
      `Desde ahora, para iniciar sesión en ${brand} hacen falta tu contraseña y un segundo paso.`,
      'Guarda los códigos de recuperación donde puedas encontrarlos sin el teléfono: si lo pierdes, cada uno te permite entrar una vez. Puedes crear otros en Cuenta > Seguridad.',
    ],
  },
  two_factor_off: {
    subject: () => 'La autenticación en dos pasos se ha desactivado',
    body: ({ brand, browsers }) => [
      `Para iniciar sesión en ${brand} basta ahora con tu contraseña. Se han borrado tu segundo paso y tus códigos de recuperación${browsers ? ', ningún navegador es ya de confianza' : ''}, y se han cerrado tus otras sesiones.`,
      'Para volver a activarla, abre Cuenta > Seguridad y elige «Activar 2FA».',
    ],
  },
  factor_added: {
    subject: ({ factor, phone }) =>
      phone ? 'Tu teléfono para los códigos ha cambiado' : `Se ha añadido: ${factor}`,
    body: () => ['Desde ahora sirve para el segundo paso.'],
  },
  factor_removed: {
    subject: ({ factor }) => `Se ha quitado: ${factor}`,
    body: ({ byOther }) => [
      byOther
        ? 'Ya no sirve para el segundo paso y se han cerrado todas tus sesiones.'
        : 'Ya no sirve para el segundo paso.',
    ],
  },
  factor_replaced: {
    subject: ({ method, factor }) =>
      ({
        totp: 'Tu aplicación de autenticación ha cambiado',
        sms: 'Tu teléfono para los códigos ha cambiado',
      })[method] ?? `Se ha sustituido: ${factor}`,
    body: () => ['Desde ahora tu segundo paso es el nuevo. El anterior ya no funciona.'],
  },
  key_suspended: {
    subject: ({ factor }) => `Se ha suspendido: ${factor}`,
    body: ({ brand }) => [
      `Una llave de seguridad cuenta cuántas veces se usa, y la cuenta de esta no subió. Eso ocurre cuando se copia una llave, así que ${brand} ya no la acepta.`,
      'Inicia sesión de otra manera y quita o cambia la llave en Cuenta > Seguridad. Si sigues confiando en ella, añádela allí de nuevo.',
    ],
  },
  security_frozen: {
    subject: () => 'Los cambios de seguridad están en pausa',
    body: ({ effective, suspended }) => [
      `Alguien abrió un enlace de uno de nuestros correos y dijo «No fui yo». Hasta el ${effective} no se pueden cambiar en Cuenta tu contraseña, tu dirección de correo ni tu segundo paso, y, si lo que contaba el correo se hizo en una sesión, esa sesión se ha cerrado.`,
      ...(suspended
        ? [`Queda suspendido: ${suspended}. Si es tuyo, quítalo después y añádelo de nuevo.`]
        : []),
      'Si crees que alguien conoce tu contraseña, elige «¿Has olvidado la contraseña?» en la página de inicio de sesión: eso funciona enseguida. Si no fuiste tú quien lo dijo, alguien más puede leer tu correo: cambia la contraseña de tu buzón y habla con tu administrador.',
    ],
  },
  new_browser: {
    subject: ({ brand }) => `Nuevo inicio de sesión en ${brand}`,
    body: ({ brand }) => [
      `Alguien, esperamos que tú, ha iniciado sesión en ${brand} desde un navegador que no se había usado antes con tu cuenta.`,
      'Si fuiste tú, no hace falta que hagas nada.',
    ],
  },
  access_granted: {
    subject: ({ app }) => `${app} ya puede usar tu cuenta`,
    body: ({ app, brand, may }) => [
      `Has permitido que ${app} inicie tu sesión con tu cuenta de ${brand}. Puede:`,
      ...may.map((what) => `– ${what}`),
    ],
  },
  codes_regenerated: {
    subject: () => 'Se han creado códigos de recuperación nuevos',
    body: () => ['Los nuevos valen desde ahora. Los anteriores ya no funcionan.'],
  },
  code_used: {
    subject: () => 'Se ha usado un código de recuperación',
    body: ({ remaining, keys }) => [
      `Se ha usado como tu segundo paso y ya no sirve. ${codes(remaining)}.`,
      `Si has perdido el teléfono${keys ? ' o la llave' : ''}, cámbialo por otro en Cuenta > Seguridad.`,
    ],
  },
  codes_low: {
    subject: () => 'Se te están acabando los códigos de recuperación',
    body: ({ remaining }) => [
      `${codes(remaining)}. Crea otros en Cuenta > Seguridad > Códigos de recuperación, para que perder el teléfono no te deje fuera.`,
    ],
  },
  password_changed: {
    subject: () => 'Tu contraseña ha cambiado',
    body: ({ reset }) => [
      reset
        ? 'Se ha elegido una nueva con el enlace de un correo. Se han cerrado todas tus sesiones. Tu segundo paso no ha cambiado.'
        : 'Se han cerrado tus otras sesiones. Tu segundo paso no ha cambiado.',
    ],
  },
  email_changed: {
    subject: () => 'Tu correo ha cambiado',
    body: ({ address }) => [`Ahora inicias sesión con ${address}. Tu segundo paso no ha cambiado.`],
  },
  email_change_undone: {
    subject: () => 'Se ha restablecido tu correo anterior',
    body: ({ address }) => [
      `Vuelves a iniciar sesión con ${address}. Se han cerrado todas tus sesiones. Tu segundo paso no ha cambiado.`,
      'Quien lo cambió conoce tu contraseña. Si no fuiste tú, cambia tu contraseña ahora.',
    ],
  },
  replace_undone: {
    subject: ({ method, factor }) =>
      method === 'totp'
        ? 'Se ha restablecido tu aplicación de autenticación anterior'
        : `Se ha restablecido: ${factor}`,
    body: () => [
      'Vuelve a servir para tu segundo paso. El que ocupaba su lugar se ha quitado y se han cerrado todas tus sesiones.',
      'Quien lo cambió conoce tu contraseña. Si no fuiste tú, cambia tu contraseña ahora.',
    ],
  },
  recovery_address_added: {
    subject: () => 'Se ha añadido un correo de recuperación',
    body: () => ['Sirve para recuperar tu cuenta. No sirve para iniciar sesión.'],
  },
  recovery_address_removed: {
    subject: () => 'Se ha quitado un correo de recuperación',
    body: () => ['Ya no sirve para recuperar tu cuenta.'],
  },
  wrong_code_burst: {
    subject: () => 'Alguien conoce tu contraseña',
    body: () => [
      'Alguien ha escrito tu contraseña correcta y después un código erróneo. Tu segundo paso ha impedido la entrada.',
      'Si fuiste tú y te equivocaste de código, no hace falta nada más. Si no, cambia tu contraseña ahora.',
    ],
  },
  codes_held: {
    subject: () => 'Los códigos de un solo uso están en pausa',
    body: ({ wait, until, keys }) => [
      `Se han escrito demasiados códigos erróneos seguidos para tu cuenta. Durante ${wait}, ${upTo(until)}, no se acepta ningún código de una aplicación ni de un mensaje de texto. ${keys ? 'Las llaves de seguridad y los códigos de recuperación' : 'Los códigos de recuperación'} siguen funcionando.`,
      'Quien los escribió conoce tu contraseña. Si no fuiste tú, cambia tu contraseña ahora.',
    ],
  },
  codes_closed: {
    subject: () => 'Los códigos de un solo uso están cerrados',
    body: ({ keys }) => [
      `Se han escrito demasiados códigos erróneos para tu cuenta y ya no se aceptan códigos de una aplicación ni de un mensaje de texto. ${keys ? 'Una llave de seguridad, un código de recuperación' : 'Un código de recuperación'} o un administrador los abre de nuevo.`,
      'Quien los escribió conoce tu contraseña. Si no fuiste tú, cambia tu contraseña ahora.',
    ],
  },
  admin_reset: {
    subject: () => 'Un administrador ha restablecido tu autenticación en dos pasos',
    body: ({ brand }) => [
      'Se han borrado tu segundo paso y tus códigos de recuperación, y se han cerrado tus sesiones.',
      `Inicia sesión en ${brand} con tu contraseña y configura un segundo paso nuevo en Cuenta > Seguridad.`,
    ],
  },
  role_changed: {
    subject: () => 'Tu función ha cambiado',
    body: ({ brand, role }) => [
      {
        member: `Ahora eres miembro de ${brand} y ya no gestionas nada allí.`,
        publisher: `Ahora eres editor en ${brand}: puedes gestionar sus aplicaciones.`,
        admin: `Ahora eres administrador de ${brand}. Los administradores deben usar la autenticación en dos pasos: si no la tienes activada, al iniciar sesión se te pedirá.`,
      }[role ?? 'member'],
      'Tus sesiones se han cerrado. Inicia sesión de nuevo para continuar.',
    ],
  },
  recovery_requested: {
    subject: () => 'Se ha pedido recuperar tu cuenta',
    body: ({ brand, effective }) => [
      `Alguien, esperamos que tú, ha escrito tu contraseña en ${brand} y ha dicho que se han perdido tu segundo paso y tus códigos de recuperación.`,
      `Por ahora no cambia nada. A partir del ${effective}, los administradores podrán darte un pase temporal con el que configurar un segundo paso nuevo. Si antes inicias sesión con el que tienes, la solicitud se cancela.`,
      'Si no fuiste tú, alguien conoce tu contraseña: cancela la solicitud y cambia la contraseña.',
    ],
  },
  account_leaving: {
    subject: () => 'Tu cuenta se va a borrar',
    body: ({ brand, effective, own }) => [
      `Tu cuenta en ${brand} queda cerrada desde ahora: se ha cerrado tu sesión en todas partes y nadie puede entrar con ella. El ${effective} se borrará para siempre con todo lo que le pertenece.`,
      ...(own ? [] : ['Si crees que es un error, pregunta a quien se ocupa de tu cuenta.']),
    ],
  },
  account_kept: {
    subject: () => 'Tu cuenta no se va a borrar',
    body: ({ own }) => [
      'Todo sigue como antes. Se ha cerrado tu sesión en todas partes; inicia sesión como siempre.',
      ...(own ? ['Si no fuiste tú quien quiso borrarla, elige ahora una contraseña nueva.'] : []),
    ],
  },
  recovery_cancelled: {
    subject: () => 'Se ha cancelado la recuperación de tu cuenta',
    body: ({ signedIn, changed }) => [
      signedIn
        ? 'Has iniciado sesión con tu segundo paso o con un código de recuperación, así que ya no necesitas ayuda.'
        : changed
          ? 'La seguridad de tu cuenta ha cambiado desde que se pidió.'
          : 'Se ha usado el enlace de nuestro correo.',
      'Tu segundo paso no ha cambiado. Si aún necesitas ayuda, pídela otra vez.',
    ],
  },
  recovery_refused: {
    subject: () => 'Se ha rechazado la recuperación de tu cuenta',
    body: () => [
      'Un administrador ha rechazado la solicitud. Tu segundo paso no ha cambiado.',
      'Si aún necesitas ayuda, escríbenos o habla con tu administrador.',
    ],
  },
  temporary_pass: {
    subject: () => 'Un administrador ha restablecido tu autenticación en dos pasos',
    body: ({ until }) => [
      `Pediste ayuda y aquí tienes un pase temporal: ${upTo(until)} te permite configurar un segundo paso nuevo, y nada más. También hace falta tu contraseña.`,
      'Tu segundo paso y tus códigos de recuperación anteriores se conservan hasta que el nuevo esté activado. Entonces se borran y se cierran tus sesiones. Si no usas el pase, no cambia nada.',
    ],
  },
};
