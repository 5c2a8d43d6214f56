import { formatInstant } from './dates.ts';
import type { RefusalWords } from './refusals.en.ts';

function wait(seconds = 60): string {
  if (Math.round(seconds) <= 1) return '1 segundo';
  if (seconds < 90) return `${Math.round(seconds)} segundos`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 90 ? `${minutes} minutos` : `${Math.ceil(minutes / 60)} horas`;
}

const LAST_TRY = 'Era el último intento: empieza de nuevo con tu contraseña.';

export const es: RefusalWords = {
  refusals: {
    sign_in_required: () => 'Inicia sesión primero.',
    two_factor_required: () => 'Activa primero la autenticación en dos pasos: tu organización la exige.',
    step_up_required: () => 'Confirma primero que eres tú, con tu contraseña y tu segundo paso.',
    invalid_input: () => 'Falta algo en el formulario o no es correcto. Mira los campos marcados.',
    malformed_request: () =>
      'Esta petición no tiene la forma esperada. Vuelve a la página e inténtalo de nuevo.',
    wrong_credentials: () => 'El correo o la contraseña no son correctos.',
    wrong_code: ({ lastTry }) =>
      `Ese código no es correcto. ${lastTry ? LAST_TRY : 'Espera al siguiente y escríbelo.'}`,
    wrong_recovery_code: ({ lastTry }) =>
      `Ese código de recuperación no es correcto o ya se usó.${lastTry ? ` ${LAST_TRY}` : ''}`,
    key_refused: ({ lastTry }) =>
      `No se aceptó esa llave. ${lastTry ? LAST_TRY : 'Inténtalo de nuevo o usa otro medio.'}`,
    passkey_refused: () =>
      'No se aceptó esa llave de acceso. Inténtalo de nuevo o inicia sesión con tu contraseña.',
    key_not_added: () => 'La llave no se añadió. Inténtalo de nuevo.',
    key_taken: () => 'Esta llave no se puede añadir: ya está en uso.',
    key_model_refused: () =>
      'Tu organización solo acepta ciertos modelos de llaves. Esta no es uno de ellos, o el navegador no mostró cuál es. Usa otra llave, o inténtalo de nuevo y permite que el navegador muestre el modelo.',
    key_models_unavailable: () =>
      'Ahora no se puede añadir ninguna llave, porque no podemos consultar qué modelos acepta tu organización. Las que ya añadiste siguen funcionando. Inténtalo de nuevo en unos minutos.',
    keys_need_name: () =>
      'Las llaves de seguridad solo funcionan en un sitio con nombre, y la dirección de este es un número.',
    other_factor_first: () =>
      'Configura primero una aplicación de autenticación. Después podrás añadir una llave junto a ella.',
    method_forbidden: () => 'Tu organización no acepta este método. Elige otro en Cuenta > Seguridad.',
    no_first_method: () =>
      'Así nadie podría activar la autenticación en dos pasos. Deja al menos un método que pueda ser el primero.',
    clock_slow: ({ minutes = 1, lastTry }) =>
      `El reloj de tu teléfono va atrasado ${minutes === 1 ? 'un minuto' : `unos ${minutes} minutos`}. Ponlo en automático y ${lastTry ? 'empieza de nuevo con tu contraseña' : 'escribe el código siguiente'}.`,
    clock_fast: ({ minutes = 1, lastTry }) =>
      `El reloj de tu teléfono va adelantado ${minutes === 1 ? 'un minuto' : `unos ${minutes} minutos`}. Ponlo en automático y ${lastTry ? 'empieza de nuevo con tu contraseña' : 'escribe el código siguiente'}.`,
    pending_ended: () => 'Este inicio de sesión ha terminado. Empieza de nuevo con tu contraseña.',
    too_many_attempts: ({ retryAfter, texts }) =>
      texts
        ? `Es pronto para otro código. Podrás pedirlo en ${wait(retryAfter)}.`
        : `Demasiados intentos. Vuelve a probar en ${wait(retryAfter)}.`,
    codes_on_hold: ({ retryAfter, keys }) =>
      `Tras demasiados códigos erróneos, los códigos están en pausa durante ${wait(retryAfter)}. ${keys ? 'Una llave de seguridad o un código de recuperación siguen sirviendo.' : 'Un código de recuperación sigue sirviendo.'}`,
    codes_closed: ({ keys }) =>
      `Tras demasiados códigos erróneos, los códigos están cerrados. ${keys ? 'Una llave de seguridad, un código de recuperación' : 'Un código de recuperación'} o un administrador los abren de nuevo.`,
    link_invalid: () =>
      'Este enlace ya se usó, es demasiado antiguo o fue sustituido por otro. Pide uno nuevo.',
    link_other_browser: () => 'Abre este enlace en el navegador en el que iniciaste sesión.',
    enrolment_expired: () =>
      'Lo que se mostró o se envió antes ha caducado. Empieza de nuevo con lo que hay ahora en esta página.',
    policy_requires_two_factor: ({ byRole }) =>
      `Tu organización exige la autenticación en dos pasos${byRole ? ' para tu función de administrador' : ''}, así que no se puede desactivar. Puedes cambiar un método por otro.`,
    address_unproven: () => 'Confirma primero tu correo: abre el enlace que te enviamos.',
    address_taken: () => 'Este correo no se puede usar.',
    too_many_factors: () => 'Ya tienes tantos como puede tener una cuenta. Quita uno primero.',
    changes_frozen: () =>
      'Los cambios de seguridad están en pausa durante 24 horas porque alguien dijo «No fui yo». Si es un error, habla con tu administrador.',
    last_administrator: () =>
      'Es el último administrador. Nombra antes a otra persona; quien solo está invitado todavía no cuenta.',
    recovery_too_often: () =>
      'Has pedido ayuda tres veces en 30 días. Escribe a soporte o habla con tu administrador.',
    recovery_waiting: ({ until = 0 }) =>
      `El tiempo de espera no ha terminado. No se puede aprobar nada antes del ${formatInstant(until, 'es', null)}.`,
    another_administrator: () =>
      'Debe hacerlo otro administrador, no quien pidió la ayuda ni quien propuso el pase.',
    own_account: () =>
      'Esta es tu propia cuenta. Debe hacerlo otro administrador, para que nadie se quede fuera por error.',
    group_guards_app: () =>
      'Una aplicación está abierta solo a este grupo. Sin él podría abrirla cualquiera. Elige antes quién más puede abrirla.',
    sign_up_closed: () => 'Aquí las cuentas son por invitación. Pídela a tu administrador.',
    no_two_factor: () => 'La autenticación en dos pasos no está activada.',
    wrong_origin: () =>
      'Esta petición venía de otro sitio y no se realizó. Ve a nuestra página e inténtalo allí.',
    method_not_allowed: () => 'Esta dirección no se puede usar de esa manera.',
    unsupported_body: () => 'Esta dirección no admite un contenido de este tipo (Content-Type).',
    body_too_large: () => 'Es más de lo que admite esta dirección.',
    not_found: () => 'No existe esa página, o no es tuya.',
    conflict: () => 'Alguien lo cambió al mismo tiempo. Mira cómo está ahora e inténtalo de nuevo.',
    busy: () => 'Hay demasiadas personas iniciando sesión en este momento. Prueba en unos segundos.',
    database_away: () =>
      'No podemos acceder a nuestra base de datos. No se cambió nada. Prueba en un momento.',
    clock_skewed: ({ keys }) =>
      `Estamos ajustando nuestro reloj. Usa ${keys ? 'una llave de seguridad o un código de recuperación' : 'un código de recuperación'}, o prueba en unos minutos.`,
    token_required: () =>
      'Envía un token: Authorization: Bearer …, obtenido con client credentials en /oidc/token.',
    scope_missing: ({ scope = '' }) =>
      `Al token le falta el permiso ${scope}. Un administrador puede añadirlo a la aplicación.`,
    administrator_protected: () =>
      'Solo un administrador puede cambiar a otro, en el panel de control. Ningún programa puede.',
    only_factor: () =>
      'Es el único segundo paso que funciona. Restablece en su lugar la autenticación en dos pasos.',
    text_not_sent: () =>
      'No hemos podido enviar el mensaje, así que no hay ningún código en camino. Usa otro método o prueba dentro de un minuto.',
    texts_capped: () =>
      'Se ha alcanzado el límite de mensajes de texto de hoy, así que no hay ningún código en camino. Usa otro método o prueba mañana.',
    text_country: () => 'No enviamos mensajes al país de este número. Usa otro método.',
    store_full: () =>
      'No queda sitio para este archivo. Elimina compilaciones que nadie necesite o consulta a tu administrador.',
    too_many_builds: () =>
      'Esta aplicación ha llegado a su límite de compilaciones. Elimina una que nadie necesite.',
    app_unknown: () => 'No hay ninguna aplicación registrada con esta dirección.',
    app_closed: () => 'No tienes acceso a esta aplicación. Si es un error, habla con tu administrador.',
  },
  fault: (requestId) =>
    `Algo falló por nuestra parte. Si vuelve a ocurrir, indica este número a soporte: ${requestId}`,
  fields: {
    required: 'Rellena este campo.',
    too_long: 'Es demasiado largo.',
    email_invalid: 'Escribe un solo correo, como nombre@example.org.',
    email_taken: 'Este correo no se puede usar.',
    email_unchanged: 'Ya es tu dirección.',
    name_invalid: 'Escribe un nombre de hasta 100 caracteres.',
    password_too_short: (min) =>
      `Usa al menos ${min} caracteres. Unas cuantas palabras seguidas son fáciles de recordar.`,
    password_too_long: 'Usa como máximo 1024 bytes.',
    password_common: 'Es una de las contraseñas que se prueban primero. Elige otra.',
    password_context: 'No la formes con tu nombre, tu correo ni el nombre de este sitio.',
    password_weak: 'Es fácil de adivinar. Añade una o dos palabras que no vayan juntas.',
    password_wrong: 'La contraseña no es correcta.',
    password_unchanged: 'Elige una contraseña distinta de la actual.',
    confirmation_wrong: 'No es el correo de tu cuenta.',
    code_wrong: 'Ese código no es correcto. Espera al siguiente y escríbelo.',
    message_code_wrong: 'Ese código no es correcto. Escribe el del mensaje más reciente.',
    recovery_code_wrong: 'Ese no es el código con este número.',
    locale_unknown: 'Elige un idioma de la lista.',
    time_zone_unknown: 'Elige una zona horaria de la lista.',
    label_invalid: 'Escribe un nombre de hasta 60 caracteres.',
    phone_invalid: 'Escribe un número de móvil: elige su país o empieza por +.',
    phone_country: 'No podemos enviar mensajes a ese país. Usa un número de otro país u otro método.',
    group_name_invalid: 'Escribe un nombre de hasta 64 caracteres, sin comas.',
    group_name_taken: 'Ya hay un grupo con este nombre.',
    person_unknown: 'Nadie inicia sesión aquí con esta dirección.',
    list_wrong: 'Esta lista tiene errores. La página desde la que se envió los muestra.',
    address_invalid:
      'Escribe direcciones completas que empiecen por https:// (http:// solo en localhost), sin parte #.',
    origin_invalid: 'Escribe solo la dirección del servidor, por ejemplo https://wiki.example.org.',
    origin_taken: 'Otra aplicación ya usa este servidor.',
    slug_invalid: 'Usa de 1 a 40 letras minúsculas, cifras y guiones, como notas-de-campo.',
    slug_taken: 'Otra aplicación ya usa esta dirección.',
    version_invalid: 'Escribe una versión sin espacios, como 2.4.1.',
    version_taken: 'Ya hay una compilación de este tipo con esta versión.',
    platform_unfit: 'Este tipo de archivo es para otro sistema.',
    file_name_invalid: 'Cambia el nombre del archivo: bastan letras, cifras, espacios, puntos y guiones.',
    file_kind_unknown: 'Este tipo de archivo no se puede publicar aquí.',
    file_kind_unfit:
      'El archivo no es lo que dice su nombre. Súbelo tal como salió de tus herramientas de compilación.',
    file_too_large: 'El archivo es más grande de lo que se puede subir aquí.',
    archive_broken: 'No se puede leer el archivo. Puede estar dañado; súbelo otra vez.',
    archive_too_big: 'El archivo comprimido ocupa, una vez abierto, más de lo permitido aquí.',
    archive_unsafe:
      'El archivo comprimido contiene enlaces o nombres que salen de su carpeta. Comprímelo otra vez sin ellos.',
    icon_unreadable: 'Usa una imagen PNG guardada sin entrelazado.',
    icon_too_large: 'Usa una imagen de 32 a 1024 píxeles por lado y de 1 MiB como máximo.',
    audience_missing: 'Elige al menos un grupo, o a todo el mundo.',
    day_invalid: 'Elige un día a partir de mañana, dentro de los próximos dos años.',
    day_needless: 'Déjalo vacío con «Ahora», o elige arriba «A partir de un día».',
    number_invalid: 'Escribe un número entero dentro de estos límites.',
    key_models_invalid: 'Escribe los AAGUID de los modelos, separados por comas.',
    group_unknown: 'Un grupo elegido ya no existe. Elige de nuevo.',
  },
};
