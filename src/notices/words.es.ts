import { es as letters } from './letter-words.es.ts';
import { es as notices } from './notice-words.es.ts';
import type { en } from './words.en.ts';

export const es: typeof en = {
  notices,
  methods: {
    totp: 'Aplicación de autenticación',
    sms: 'Teléfono',
    webauthn: 'Llave de seguridad',
  },
  otherMethod: 'Segundo paso',
  quoted: (label) => `«${label}»`,
  terms: {
    method: 'Método',
    name: 'Nombre',
    replaces: 'En lugar de',
    ending: 'Número que termina en',
    address: 'Correo',
    oldAddress: 'Correo anterior',
    newAddress: 'Correo nuevo',
    remaining: 'Códigos restantes',
    doneBy: 'Hecho por',
    reason: 'Motivo',
    effective: 'Surte efecto',
    until: 'Sirve hasta',
    time: 'Hora',
    network: 'Dirección de red',
    browser: 'Navegador',
  },
  yourself: 'Tú',
  operator: 'El operador de este servidor',
  administrator: 'Un administrador',
  unknownBrowser: 'Navegador desconocido',
  browserOn: (browser, system) => `${browser} en ${system}`,
  notMe: {
    lead: 'Si no fuiste tú, abre esta página y pulsa su botón. No hace falta iniciar sesión; funciona una vez, durante 7 días. Cierra la sesión desde la que se hizo, deja en pausa los cambios de seguridad durante 24 horas y suspende el segundo paso que se añadió, si queda otro. Nunca desactiva la autenticación en dos pasos.',
    label: 'No fui yo',
  },
  notMeLeaving: {
    lead: 'Si no fuiste tú quien quiso esto, abre esta página y pulsa su botón. También conserva tu cuenta y deja en pausa los cambios de seguridad durante 24 horas.',
    label: 'No fui yo',
  },
  changePassword: { lead: 'Para mayor seguridad, cambia tu contraseña:', label: 'Cambiar la contraseña' },
  removeAccess: {
    lead: 'Para retirarle el acceso, ahora o en cualquier momento:',
    label: 'Aplicaciones conectadas',
  },
  cancelRecovery: {
    lead: 'Para cancelar la solicitud, abre esta página y pulsa su botón. No hace falta iniciar sesión.',
    label: 'Cancelar la solicitud',
  },
  usePass: {
    lead: 'Para configurar un segundo paso nuevo, abre esta página. El pase sirve una vez.',
    label: 'Usar el pase temporal',
  },
  keepAccount: {
    lead: 'Para conservar tu cuenta, abre esta página antes de ese día y pulsa su botón. No hace falta iniciar sesión.',
    label: 'Conservar mi cuenta',
  },
  erased: {
    subject: 'Tu cuenta se ha borrado',
    body: (brand) => [
      `Tu cuenta en ${brand} se ha borrado, como se anunció, con todo lo que le pertenecía. Lo que los registros aún dicen de ella ya no te nombra.`,
      'Este es el último correo que te enviamos sobre ella.',
    ],
  },
  undoReplace: {
    lead: 'Para recuperar el anterior en lugar del nuevo, abre esta página en las próximas 24 horas y pulsa su botón. Cierra todas tus sesiones.',
    label: 'Deshacer',
  },
  undoEmail: {
    lead: 'Para volver a iniciar sesión con esta dirección, abre esta página en los próximos 7 días y pulsa su botón. Cierra todas tus sesiones, no inicia ninguna y deja la autenticación en dos pasos como está.',
    label: 'Deshacer',
  },
  houseNews: {
    text_cap: {
      subject: 'Los mensajes de texto han llegado al límite de hoy',
      body: (cap, brand) => [
        `${brand} ha enviado hoy ${cap} mensajes de texto, todos los que permite SMS_DAILY_CAP. No sale ninguno más hasta la medianoche UTC.`,
        'Mientras tanto se pueden usar los otros segundos pasos y los códigos de recuperación. Si han salido muchos más de los que esperas, puede que alguien los provoque a propósito. SMS_COUNTRIES dice a qué países se envían.',
      ],
    },
  },
  letters,
};
