import type { AdminWords } from './words.en.ts';

export const es: AdminWords = {
  roleNames: { admin: 'Administrador', publisher: 'Editor', member: 'Miembro' },
  people: {
    title: 'Personas',
    lead: 'Quienes tienen una cuenta aquí y quienes están invitados a tenerla.',
    invite: 'Invitar a alguien',
    search: 'Nombre o correo',
    find: 'Buscar',
    list: 'Personas',
    found: 'Personas encontradas',
    twoFactorOn: 'Con 2FA',
    twoFactorOff: 'Sin 2FA',
    suspended: 'Suspendida',
    invited: 'Invitada',
    expired: 'Invitación caducada',
    again: 'Reenviar',
    againOf: (name) => `Reenviar la invitación a ${name}`,
    nobody: (text) => `Nadie tiene «${text}» en su nombre o su correo.`,
    nobodyYet: (text) => `De momento nadie tiene «${text}» en su nombre o su correo.`,
    empty: 'No hay nadie más.',
    pages: 'Más personas',
    next: 'Siguientes',
    goOn: 'Seguir buscando',
    first: 'Volver al principio',
    everybody: 'Mostrar a todos',
  },
  invite: {
    title: 'Invitar a alguien',
    lead: (lifetime) =>
      `Recibirá un correo con un enlace que sirve durante ${lifetime} y elegirá su propia contraseña.`,
    name: 'Nombre',
    nameHint: 'Puede cambiarlo al aceptar.',
    email: 'Correo',
    emailTaken: 'Alguien tiene ya este correo aquí.',
    role: 'Función',
    roleHint:
      'Los editores gestionan además aplicaciones. Los administradores gestionan además a las personas y deben usar la autenticación en dos pasos.',
    send: 'Enviar la invitación',
    cancel: 'Cancelar',
    back: 'Personas',
  },
  again: {
    title: '¿Enviar la invitación otra vez?',
    lead: (name, email) =>
      `${name} recibirá un enlace nuevo en ${email}. Los enlaces anteriores dejarán de servir.`,
    nothing: 'No hay invitación que enviar',
    send: 'Enviar un enlace nuevo',
    accepted: (name) => `${name} ya ha aceptado la invitación.`,
    suspended: (name) => `La cuenta de ${name} está suspendida: no puede aceptar una invitación.`,
  },
};
