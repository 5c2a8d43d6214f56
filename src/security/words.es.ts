import type { SecurityWords } from './words.en.ts';

const NUMBERS = ['ninguna', 'una', 'dos', 'tres', 'cuatro', 'cinco'];

export const es: SecurityWords = {
  overview: {
    title: 'Seguridad',
    heading: 'Autenticación en dos pasos',
    off: 'Tu cuenta está protegida solo por tu contraseña. Quien la averigüe puede entrar en tu lugar.',
    offLead: 'Con la autenticación en dos pasos, para entrar hace falta también un código de tu teléfono.',
    enable: 'Activar 2FA',
    apps: (count) =>
      count === 1
        ? 'una aplicación de autenticación'
        : `${NUMBERS[count] ?? count} aplicaciones de autenticación`,
    on: (factors) => `Tu cuenta está protegida por ${factors}.`,
    safe: 'Aunque pierdas el teléfono podrás entrar: tienes códigos de recuperación.',
    oneCode: 'Si pierdes el teléfono, solo te quedará un código de recuperación. Crea otros nuevos.',
    atRisk:
      'Si pierdes el teléfono no podrás entrar: no te quedan códigos de recuperación. Crea otros ahora mismo.',
    factors: 'Tu segundo paso',
    noFactors: 'Todavía nada.',
    added: 'Añadido',
    used: 'último uso',
    never: 'sin usar',
    preferred: 'se pide primero',
    suspended: 'suspendido',
    manage: 'Gestionar',
    addApp: 'Añadir otra aplicación',
    codes: 'Códigos de recuperación',
    codesLeft: (left) => (left === 1 ? 'Queda 1 de 10' : `Quedan ${left} de 10`),
    codesMade: 'Creados',
    newCodes: 'Crear códigos nuevos',
    disable: 'Desactivar la autenticación en dos pasos',
    required: 'Tu organización exige la autenticación en dos pasos para tu función.',
  },
  mustEnrol: {
    title: 'Activa la autenticación en dos pasos',
    lead: 'Tu organización la exige para tu función. Se tarda un minuto y después ya puedes entrar.',
    proveTitle: 'Primero, un enlace en tu correo',
    prove: (email) =>
      `Hemos enviado un enlace a ${email}. Ábrelo en este navegador. Así sabemos que eres tú: la contraseña por sí sola no debe bastar para configurar el segundo paso.`,
    again: 'Enviar el enlace otra vez',
  },
  factor: {
    title: 'Aplicación de autenticación',
    label: 'Nombre',
    save: 'Guardar',
    replace: 'Cambiar por una aplicación nueva',
    replaceLead:
      'Para un teléfono nuevo. La aplicación actual sigue funcionando hasta que escribas un código de la nueva.',
    order: 'Cuál se pide primero',
    orderLead: 'Tienes varias. Al entrar se pide primero la que prefieras; las demás también sirven.',
    prefer: 'Pedir esta primero',
    isPreferred: 'Al entrar se pide esta primero; las demás también sirven.',
    remove: 'Quitar',
    removeQuestion: '¿Quitar esta aplicación?',
    removeEffect: (label) =>
      `«${label}» ya no sirve para iniciar sesión: sus códigos dejan de valer al instante.`,
    removeButton: 'Quitar la aplicación',
    cancel: 'Cancelar',
    removeLead: 'Los códigos de esta aplicación dejan de servir al instante.',
    removeLast: 'Es tu único segundo paso. Si lo quitas, se desactiva la autenticación en dos pasos.',
    back: 'Seguridad',
  },
  disable: {
    title: 'Desactivar la autenticación en dos pasos',
    lead: 'A partir de entonces bastará tu contraseña para entrar.',
    goes: 'Se borran al instante:',
    list: ['tus aplicaciones de autenticación', 'tus códigos de recuperación'],
    sessions: 'Aquí tu sesión sigue abierta; en los demás sitios se cierra. Te avisamos por correo.',
    password: 'Contraseña actual',
    button: 'Desactivar la autenticación en dos pasos',
    cancel: 'Dejarla activada',
    required:
      'Tu organización exige la autenticación en dos pasos para tu función, así que no se puede desactivar.',
  },
  confirm: {
    title: 'Confirma que eres tú',
    lead: 'Vas a ver o cambiar algo que protege tu cuenta. Escribe tu contraseña otra vez.',
    password: 'Contraseña',
    button: 'Continuar',
    cancel: 'Cancelar',
  },
};
