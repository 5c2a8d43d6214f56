import { type AuditWords, appAndVersion, appNamed, type Told } from './words.en.ts';

const withMethod = (sentence: string, { method }: Told) => (method ? `${sentence}: ${method}` : sentence);

const left = (count: unknown) => (count === 1 ? 'queda 1' : `quedan ${count}`);
const codesLeft = ({ detail }: Told) => (detail['left'] === undefined ? '' : ` (${left(detail['left'])})`);

const ROLE_NAMES: Readonly<Record<string, string>> = {
  admin: 'administrador',
  publisher: 'editor',
  member: 'miembro',
};

const toRole = ({ detail }: Told) => {
  const name = ROLE_NAMES[String(detail['to'])];
  return name === undefined ? '' : ` a ${name}`;
};

export const es: AuditWords = {
  events: {
    'account.created': ({ by }) => `Cuenta creada${by}`,
    'account.invited': ({ by }) => `Invitación enviada${by}`,
    'account.password_set': () => 'Primera contraseña elegida',
    'account.profile_changed': () => 'Perfil cambiado',
    'account.suspended': ({ by }) => `Cuenta suspendida${by}`,
    'account.restored': ({ by }) => `Cuenta reactivada${by}`,
    'account.role_changed': (told) => `Función cambiada${toRole(told)}${told.by}`,
    'account.unlocked': ({ by }) => `Pausa por intentos fallidos levantada${by}`,
    'account.sign_up_requested': () => 'Alguien intentó crear una cuenta con tu correo',
    'sign_in.password': ({ failed }) =>
      failed ? 'Inicio de sesión con contraseña errónea' : 'Contraseña aceptada',
    'sign_in.password_wait': () => 'Inicio de sesión rechazado tras demasiadas contraseñas erróneas',
    'sign_in.factor': (told) =>
      withMethod(told.failed ? 'Segundo paso rechazado' : 'Segundo paso aceptado', told),
    'sign_in.passkey': ({ failed }) => (failed ? 'Llave de acceso rechazada' : 'Llave de acceso aceptada'),
    'sign_in.completed': (told) =>
      `Sesión iniciada${told.method ? ` con ${told.method}` : ''}${told.detail['trusted'] ? ', en un navegador de confianza' : ''}${codesLeft(told)}`,
    'sign_in.enrolment_only': () => 'Inicio de sesión detenido hasta activar la autenticación en dos pasos',
    sign_out: () => 'Sesión cerrada por ti',
    'session.ended': ({ detail, by }) =>
      `${detail['count'] === undefined || detail['count'] === 1 ? 'Sesión cerrada' : `${detail['count']} sesiones cerradas`}${by}`,
    'step_up.password': ({ failed }) =>
      failed ? 'Contraseña errónea al confirmar' : 'Contraseña confirmada',
    'step_up.completed': (told) =>
      withMethod(told.failed ? 'Confirmación rechazada' : 'Confirmaste que eres tú', told) + codesLeft(told),
    'password.changed': ({ failed }) =>
      failed ? 'Cambio de contraseña rechazado: la actual no era correcta' : 'Contraseña cambiada',
    'password.reset_requested': ({ by }) => `Enlace para elegir una contraseña nueva solicitado${by}`,
    'password.reset': () => 'Contraseña nueva elegida con un enlace del correo',
    'email.change_requested': ({ detail }) =>
      detail['use'] === 'recovery' ? 'Correo de recuperación solicitado' : 'Cambio de correo solicitado',
    'email.change_cancelled': ({ detail }) =>
      detail['use'] === 'recovery'
        ? 'Solicitud de un correo de recuperación cancelada'
        : 'Cambio de correo cancelado',
    'email.changed': () => 'Correo cambiado',
    'email.change_undone': () => 'Cambio de correo deshecho',
    'email.recovery_added': () => 'Correo de recuperación añadido',
    'email.recovery_removed': () => 'Correo de recuperación quitado',
    'two_factor.enabled': (told) => withMethod('Autenticación en dos pasos activada', told),
    'two_factor.disabled': ({ by }) => `Autenticación en dos pasos desactivada${by}`,
    'two_factor.reset_by_operator': ({ by }) => `Autenticación en dos pasos restablecida${by}`,
    'two_factor.reset_by_administrator': ({ by }) => `Segundo paso restablecido${by}`,
    'two_factor.renewed': (told) =>
      withMethod('Autenticación en dos pasos configurada de nuevo con un pase temporal', told),
    'factor.added': (told) => withMethod('Segundo paso añadido', told),
    'factor.refused': () => 'Llave de seguridad no añadida: su modelo no se acepta',
    'factor.renamed': () => 'Nombre de un segundo paso cambiado',
    'factor.replaced': (told) => withMethod('Segundo paso cambiado por otro', told),
    'factor.replace_undone': (told) => withMethod('Cambio de un segundo paso deshecho', told),
    'factor.removed': (told) => withMethod(`Segundo paso quitado${told.by}`, told),
    'factor.preferred': (told) => withMethod('Elegido para pedirlo primero', told),
    'factor.suspended': (told) => withMethod('Segundo paso suspendido', told),
    'recovery_codes.regenerated': () => 'Códigos de recuperación nuevos creados',
    'recovery_code.used': ({ detail }) =>
      detail['left'] === undefined
        ? 'Código de recuperación usado'
        : `Código de recuperación usado: ${left(detail['left'])}`,
    'check_up.proven': ({ failed }) =>
      failed ? 'Revisión: código de recuperación erróneo' : 'Revisión: código de recuperación correcto',
    'browser.untrusted': () => 'Se ha quitado un navegador de confianza',
    'text.sent': ({ failed }) =>
      failed ? 'No se pudo enviar un código por mensaje de texto' : 'Se pidió un código por mensaje de texto',
    'codes.held': () => 'Códigos de un solo uso en pausa tras demasiados erróneos',
    'codes.closed': () => 'Códigos de un solo uso cerrados tras demasiados erróneos',
    'security.frozen': () => 'Cambios de seguridad en pausa durante 24 horas: «No fui yo»',
    'enrolment.link_sent': () => 'Enlace para configurar la autenticación en dos pasos enviado',
    'enrolment.proven': () => 'Enlace para configurar la autenticación en dos pasos abierto',
    'recovery.requested': () => 'Ayuda solicitada: se han perdido todos los segundos pasos',
    'recovery.cancelled': () => 'Solicitud de ayuda cancelada',
    'recovery.proposed': ({ by }) => `Pase temporal propuesto${by}`,
    'recovery.approved': ({ by }) => `Pase temporal concedido${by}`,
    'recovery.refused': ({ by }) => `Solicitud de ayuda rechazada${by}`,
    'recovery.pass_used': ({ failed }) =>
      failed ? 'Intento de usar el pase temporal con una contraseña errónea' : 'Pase temporal usado',
    'text.capped': ({ detail }) =>
      `Los mensajes de texto han llegado al límite diario${detail['cap'] === undefined ? '' : `: ${detail['cap']}`}`,
    'setup.link_made': () => 'Enlace de instalación creado',
    'setup.completed': () => 'Instalación terminada',
    'group.created': ({ by }) => `Grupo creado${by}`,
    'group.renamed': ({ by }) => `Grupo renombrado${by}`,
    'group.removed': ({ by }) => `Grupo eliminado${by}`,
    'group.joined': ({ by }) => `Añadido a un grupo${by}`,
    'group.left': ({ by }) => `Quitado de un grupo${by}`,
    'client.created': ({ by }) => `Aplicación registrada${by}`,
    'client.changed': ({ by }) => `Aplicación modificada${by}`,
    'client.secret_rotated': ({ by }) => `Secreto de una aplicación cambiado${by}`,
    'client.removed': ({ by }) => `Aplicación eliminada${by}`,
    'policy.rule_set': ({ by }) => `Regla de autenticación en dos pasos fijada${by}`,
    'policy.rule_dropped': ({ by }) => `Regla de autenticación en dos pasos retirada${by}`,
    'policy.value_set': ({ by }) => `Regla de inicio de sesión cambiada${by}`,
    'store.app_created': ({ detail }) => `Aplicación${appNamed(detail)} creada en la tienda`,
    'store.app_changed': ({ detail }) => `Aplicación${appNamed(detail)} cambiada en la tienda`,
    'store.app_deleted': ({ detail }) => `Aplicación${appNamed(detail)} eliminada de la tienda`,
    'store.build_uploaded': ({ detail }) => `${appAndVersion(detail, 'Compilación')}: subida`,
    'store.build_deleted': ({ detail }) => `${appAndVersion(detail, 'Compilación')}: eliminada`,
    'store.published': ({ detail }) => `${appAndVersion(detail, 'Compilación')}: publicada`,
    'store.withdrawn': ({ detail }) => `${appAndVersion(detail, 'Compilación')}: retirada`,
    'store.downloaded': ({ detail }) => `${appAndVersion(detail, 'Compilación')}: descargada`,
    'app.allowed': () => 'Permitiste que una aplicación use la cuenta',
    'app.access_removed': ({ by }) => `Acceso de una aplicación retirado${by}`,
    'app.signed_in': ({ failed }) =>
      failed ? 'Sin acceso a una aplicación' : 'Inicio de sesión en una aplicación',
    'app.token_reused': () => 'El código o el token de una aplicación se usó dos veces: su acceso terminó',
    'audit.exported': ({ by }) => `Registros exportados${by}`,
    'audit.checked': ({ by, failed }) =>
      failed
        ? `Registros comprobados${by}: se habían alterado`
        : `Registros comprobados${by}: nada se ha alterado`,
    'account.imported': ({ by }) => `Cuenta importada de otro sistema${by}`,
    'account.exported': ({ by }) =>
      by === '' ? 'Datos propios descargados' : `Datos de la cuenta descargados${by}`,
    'account.deletion_requested': ({ by }) => `Cuenta marcada para borrar${by}`,
    'account.deletion_cancelled': ({ by }) => `La cuenta se conserva${by}`,
    'account.erased': () => 'Cuenta borrada',
    'records.removed': ({ detail }) =>
      detail['count'] === undefined
        ? 'Registros antiguos eliminados'
        : `${detail['count']} registros antiguos eliminados`,
    'keys.rotated': ({ by }) => `Clave nueva para los secretos${by}`,
    'keys.retired': ({ by }) => `Clave antigua retirada del llavero${by}`,
    'backup.made': ({ by }) => `Copia de seguridad hecha${by}`,
    'backup.restored': ({ by }) => `Restaurado desde una copia de seguridad${by}`,
  },
  methods: {
    pwd: 'contraseña',
    otp: 'código de un solo uso',
    totp: 'aplicación de autenticación',
    sms: 'mensaje de texto',
    webauthn: 'llave de seguridad',
    'recovery-code': 'código de recuperación',
    passkey: 'llave de acceso',
    link: 'enlace del correo',
  },
  bySomebody: ' por un administrador',
  byOperator: ' por el operador de este servidor',
};
