import type { AccountWords } from './account-words.en.ts';

export const es: AccountWords = {
  name: 'Nombre',
  email: 'Correo electrónico',
  password: 'Contraseña',
  newPassword: 'Contraseña nueva',
  passwordHint: (min) =>
    `Al menos ${min} caracteres. Cuatro palabras sin relación entre sí son fáciles de recordar.`,
  signIn: 'Volver a iniciar sesión',
  setUp: {
    title: (brand) => `Configurar ${brand}`,
    lead: 'Vas a ser el primer administrador. Los administradores entran con un segundo paso: lo configuras a continuación.',
    button: 'Crear administrador',
  },
  signUp: {
    title: 'Crear una cuenta',
    lead: 'Te enviamos un enlace por correo; con él eliges tu contraseña.',
    button: 'Enviarme el enlace',
    haveOne: 'Ya tengo una cuenta',
  },
  checkEmail: {
    title: 'Mira tu correo',
    lead: 'Si la dirección se puede usar, va en camino un correo con un enlace.',
    wait: 'Puede tardar un minuto. Si no llega nada, mira en el correo no deseado, comprueba la dirección y pídelo otra vez.',
    mailbox: 'Abrir el buzón local',
  },
  invitation: {
    title: (brand) => `Te damos la bienvenida a ${brand}`,
    lead: (email) => `Elige tu nombre y una contraseña para ${email}. Después, inicia sesión.`,
    button: 'Crear mi cuenta',
  },
  enrol: {
    title: '¿Eres tú?',
    lead: (email) =>
      `Alguien que sabe la contraseña de ${email} está configurando un segundo paso en este navegador. Si eres tú, continúa.`,
    warning: 'Si no eres tú, cierra esta página y cambia tu contraseña: sin este botón no pasa nada.',
    button: 'Soy yo: continuar',
  },
  forgot: {
    title: '¿Has olvidado la contraseña?',
    lead: 'Escribe tu correo o tu dirección de recuperación. Te enviamos un enlace con el que eliges una contraseña nueva.',
    button: 'Enviarme el enlace',
  },
  reset: {
    title: 'Elige una contraseña nueva',
    lead: (email) => `Para ${email}. Se cierran todas las sesiones; tu segundo paso sigue como está.`,
    button: 'Guardar la contraseña',
  },
};
