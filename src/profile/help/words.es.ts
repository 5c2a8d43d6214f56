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
    more: 'Añade después algo que no esté en tu teléfono, como una llave de seguridad: así podrás entrar aunque pierdas el teléfono.',
    link: 'Ir a Seguridad',
  },
  others: {
    title: 'Otros segundos pasos',
    lead: 'Los encontrarás en Seguridad, junto a los que ya tienes.',
    kinds: [
      {
        name: 'Llave de seguridad, huella, cara o Windows Hello',
        what: 'Ponle un nombre si quieres, elige «Añadir llave» y sigue los pasos del navegador. Es lo más seguro: solo responde a este sitio, nunca a una copia.',
      },
      {
        name: 'Llave de acceso',
        what: 'Una llave que comprueba que eres tú, con la huella, la cara o un PIN, también te permite entrar ella sola: elige «Entrar con una llave de acceso», sin escribir contraseña ni código.',
      },
      {
        name: 'Mensaje de texto',
        what: 'Escribe tu número de teléfono y después el código que te enviamos. No hace falta ninguna aplicación, pero un mensaje se puede interceptar. Si no aparece, tu organización no lo ha configurado.',
      },
    ],
  },
  signIn: {
    title: 'Iniciar sesión',
    steps: [
      'Escribe tu correo y tu contraseña como siempre.',
      'Abre la aplicación y escribe las seis cifras. Los espacios no importan.',
      'O usa otra cosa que tengas. Con una llave, elige «Usar la llave de seguridad» y tócala. Con un mensaje de texto, elige «Enviar el código» y escribe el que llegue.',
    ],
    preferred:
      '¿Tienes varios? En Seguridad elige uno y después «Pedir este primero». Los demás están en «¿Tienes problemas?».',
    wrongTitle: 'Si el código se rechaza',
    wrong: [
      'Busca la entrada con el nombre de este sitio y tu correo: una aplicación puede tener muchas.',
      'Espera al siguiente código: cada uno sirve una vez y durante medio minuto aproximadamente.',
      'Pon el reloj del teléfono en automático. Los códigos se calculan con la hora.',
      'Tras diez códigos erróneos seguidos quedan en pausa 15 minutos. Una llave de seguridad o un código de recuperación siguen sirviendo.',
      '¿No llega el mensaje? Pide otro al cabo de un minuto; solo puedes pedir unos pocos por hora. Solo vale el código más reciente, y solo unos minutos.',
    ],
  },
  trusted: {
    title: 'Navegadores de confianza',
    lead: 'En un dispositivo que solo usas tú, marca «No volver a pedirlo en este navegador» en el segundo paso. Durante un tiempo bastará allí con tu contraseña.',
    ends: 'Encontrarás esos navegadores en Seguridad; con «Pedir de nuevo» dejas de confiar en uno. Cualquier cambio de tu contraseña o de tu segundo paso acaba con la confianza en todos. Antes de cambiar algo que protege tu cuenta, te lo pedimos siempre.',
  },
  newPhone: {
    title: 'Cambiar de teléfono o de número',
    steps: [
      'Mientras aún tengas el anterior, abre Seguridad, elige «Gestionar» junto a la aplicación o el teléfono y después «Cambiar».',
      'Escanea el código QR nuevo o escribe el número nuevo. Después escribe un código suyo. Desde ese momento, el anterior ya no sirve.',
    ],
    undo: 'Te avisaremos por correo. Durante 24 horas, un enlace de ese correo permite recuperar el anterior.',
  },
  lost: {
    title: '¿Has perdido el teléfono o la llave?',
    lead: 'Entra con otro de tus segundos pasos o con un código de recuperación.',
    steps: [
      'Inicia sesión con tu correo y tu contraseña.',
      'En el segundo paso abre «¿Tienes problemas?», elige otra forma o «Usar un código de recuperación» y escribe uno que no hayas usado.',
      'Abre Seguridad y cambia o quita lo que has perdido. Después crea códigos de recuperación nuevos.',
    ],
  },
  everything: {
    title: '¿Lo has perdido todo?',
    lead: 'Si no te queda ningún segundo paso ni código de recuperación, los administradores pueden ayudarte a volver a entrar.',
    steps: [
      'Inicia sesión con tu contraseña. En el segundo paso abre «¿Tienes problemas?» y elige «Lo he perdido todo».',
      'Escribimos a todas tus direcciones y esperamos un día. Si no fuiste tú, cancela la solicitud con el enlace del correo.',
      'Después los administradores se aseguran de que eres tú y pueden darte un pase temporal. Llega por correo y sirve durante una hora.',
      'Abre su enlace, escribe tu contraseña y configura un segundo paso nuevo. El anterior y sus códigos de recuperación se borran.',
    ],
    why: 'El pase solo sirve junto con tu contraseña: un enlace de un correo nunca basta por sí solo, o podría usarlo quien lea tu correo.',
  },
  disable: {
    title: 'Desactivarla',
    steps: [
      'Abre Seguridad y elige «Desactivar la autenticación en dos pasos».',
      'Escribe tu contraseña actual. Todos tus segundos pasos, códigos de recuperación y navegadores de confianza se borran al instante y tu sesión se cierra en todos los demás sitios.',
    ],
    required:
      'Si tu organización exige la autenticación en dos pasos, no puedes desactivarla, pero sí cambiar a otro teléfono, otra aplicación u otra llave.',
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
