import type { HelpWords } from './words.en.ts';

export const es: HelpWords = {
  title: 'Autenticación en dos pasos',
  lead: (brand) =>
    `Para entrar en ${brand} pueden hacer falta dos cosas: tu contraseña y algo que tienes tú. Así, quien averigüe tu contraseña sigue sin poder entrar.`,
  contents: 'En esta página',
  enable: {
    title: 'Activarla',
    lead: 'Necesitas un teléfono con una aplicación de autenticación. Sirve cualquiera: Google Authenticator, Microsoft Authenticator, 1Password, Aegis, Ente Auth…',
    steps: [
      'Inicia sesión, abre tu cuenta, después Seguridad, y elige «Activar 2FA».',
      'Escanea el código QR con la aplicación. Si no puedes, escribe la clave que está al lado. Si estás en el propio teléfono, abre la aplicación con el enlace.',
      'Guarda los diez códigos de recuperación donde los alcances sin el teléfono: en un gestor de contraseñas o impresos. Cada uno sirve una vez.',
      'Escribe las seis cifras que muestra la aplicación y elige «Activar». Desde ese momento está activada; antes no cambia nada.',
    ],
    more: 'Añade después una aplicación en otro dispositivo: así, si pierdes uno, podrás entrar con el otro.',
    link: 'Ir a Seguridad',
  },
  signIn: {
    title: 'Iniciar sesión',
    steps: [
      'Escribe tu correo y tu contraseña como siempre.',
      'Abre la aplicación y escribe las seis cifras. Los espacios no importan.',
    ],
    wrongTitle: 'Si el código se rechaza',
    wrong: [
      'Busca la entrada con el nombre de este sitio y tu correo: una aplicación puede tener muchas.',
      'Espera al siguiente código: cada uno sirve una vez y durante medio minuto aproximadamente.',
      'Pon el reloj del teléfono en automático. Los códigos se calculan con la hora.',
      'Tras diez códigos erróneos seguidos quedan en pausa 15 minutos. Un código de recuperación sigue sirviendo.',
    ],
  },
  newPhone: {
    title: 'Cambiar de teléfono',
    steps: [
      'Mientras aún tengas el anterior, abre Seguridad, elige la aplicación y después «Cambiar por una aplicación nueva».',
      'Escanea el código QR nuevo y escribe un código del teléfono nuevo. La aplicación anterior sirve hasta ese momento y no después.',
    ],
    undo: 'Te avisamos por correo. Un enlace de ese correo devuelve la aplicación anterior durante 24 horas.',
  },
  lost: {
    title: '¿Has perdido el teléfono?',
    lead: 'Para esto son tus códigos de recuperación.',
    steps: [
      'Inicia sesión con tu correo y tu contraseña.',
      'En el segundo paso abre «¿Tienes problemas?», elige «Usar un código de recuperación» y escribe uno que no hayas usado.',
      'Abre Seguridad y cambia la aplicación por una en tu teléfono nuevo. Después crea códigos de recuperación nuevos.',
    ],
    nothing:
      '¿Tampoco tienes códigos? En el segundo paso abre «¿Tienes problemas?» y elige «Lo he perdido todo». Escribimos a todas tus direcciones y esperamos un día; después los administradores, tras asegurarse de que eres tú, pueden darte un pase temporal para configurar un segundo paso nuevo. También hace falta tu contraseña: un enlace de un correo nunca basta, o podría usarlo quien lea tu correo.',
  },
  disable: {
    title: 'Desactivarla',
    steps: [
      'Abre Seguridad y elige «Desactivar la autenticación en dos pasos».',
      'Escribe tu contraseña actual. Tus aplicaciones de autenticación y códigos de recuperación se borran al instante y tu sesión se cierra en todos los demás sitios.',
    ],
    required:
      'Donde tu organización exige la autenticación en dos pasos no se puede desactivar, solo cambiar a otro teléfono u otra aplicación.',
  },
  notYou: {
    title: 'Un correo sobre algo que no hiciste',
    body: 'Te escribimos siempre que cambia tu seguridad. Si no fuiste tú, usa «No fui yo» en ese correo: se cierra la sesión de quien lo hizo y durante 24 horas no se puede cambiar nada más. Después elige una contraseña nueva.',
  },
  support: {
    title: '¿Sigues sin poder?',
    write: 'Escribe a',
    never: 'Nadie te pedirá nunca tu contraseña ni un código.',
    administrator: 'Pregunta a tu administrador. Nadie necesitará nunca tu contraseña ni un código tuyo.',
  },
};
