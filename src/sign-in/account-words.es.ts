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
    lead: 'Esta será la primera cuenta de administrador. Los administradores entran con un segundo paso, que configurarás a continuación.',
    button: 'Crear la cuenta',
  },
  signUp: {
    title: 'Crear una cuenta',
    lead: 'Te enviaremos un enlace por correo. Ábrelo para elegir tu contraseña.',
    button: 'Enviarme el enlace',
    haveOne: 'Ya tengo una cuenta',
  },
  checkEmail: {
    title: 'Revisa tu correo',
    lead: 'Si la dirección se puede usar, te llegará un correo con un enlace.',
    wait: 'Puede tardar un minuto. Si no llega nada, mira en la carpeta de correo no deseado, comprueba que la dirección esté bien y pídelo otra vez.',
    mailbox: 'Abrir el buzón local',
  },
  invitation: {
    title: (brand) => `Te damos la bienvenida a ${brand}`,
    lead: (email) => `Elige una contraseña para ${email}. Después podrás iniciar sesión.`,
    button: 'Crear mi cuenta',
  },
  enrol: {
    title: '¿Eres tú?',
    lead: (email) =>
      `Alguien que conoce la contraseña de ${email} está configurando un segundo paso en este navegador.`,
    warning: 'Si no eres tú, no pulses el botón: cierra esta página y cambia tu contraseña.',
    button: 'Sí, soy yo',
  },
  forgot: {
    title: '¿Has olvidado la contraseña?',
    lead: 'Escribe tu correo o tu dirección de recuperación. Te enviaremos un enlace para elegir una contraseña nueva.',
    button: 'Enviarme el enlace',
  },
  reset: {
    title: 'Elige una contraseña nueva',
    lead: (email) => `Para ${email}. Se cerrarán todas tus sesiones; el segundo paso seguirá como está.`,
    button: 'Guardar la contraseña',
  },
};
