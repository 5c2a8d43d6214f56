import type { en } from './letter-words.en.ts';

export const es: typeof en = {
  invitation: {
    subject: (brand) => `Tu invitación a ${brand}`,
    body: (brand) => [`Se ha creado una cuenta en ${brand} para ti. Elige una contraseña para empezar.`],
    lead: (lifetime) =>
      `Abre esta página para elegir tu contraseña. El enlace funciona una vez, durante ${lifetime}.`,
    label: 'Elegir una contraseña',
  },
  sign_up_invitation: {
    subject: (brand) => `Confirma tu correo para ${brand}`,
    body: (brand) => [
      `Alguien, esperamos que tú, ha pedido una cuenta en ${brand} con esta dirección.`,
      'Si no fuiste tú, no hagas caso de este correo: sin usar el enlace no se crea ninguna cuenta.',
    ],
    lead: (lifetime) =>
      `Abre esta página para elegir tu nombre y tu contraseña. El enlace funciona una vez, durante ${lifetime}.`,
    label: 'Crear tu cuenta',
  },
  sign_up_existing: {
    subject: (brand) => `Ya tienes una cuenta en ${brand}`,
    body: (brand) => [
      `Alguien, esperamos que tú, ha intentado crear una cuenta en ${brand} con esta dirección, que ya tiene una. No ha cambiado nada.`,
    ],
    lead: () => 'Inicia sesión aquí:',
    label: 'Iniciar sesión',
    forgotten: { lead: 'Si has olvidado tu contraseña:', label: 'Elegir una contraseña nueva' },
  },
  reset_link: {
    subject: (brand) => `Elige una contraseña nueva para ${brand}`,
    body: () => [
      'Alguien, esperamos que tú, ha pedido una contraseña nueva para esta dirección.',
      'Si no fuiste tú, no hagas caso de este correo: tu contraseña sigue igual. Tu segundo paso se conserva en cualquier caso.',
    ],
    lead: (lifetime) =>
      `Abre esta página para elegir una contraseña nueva. El enlace funciona una vez, durante ${lifetime}; otro más nuevo lo sustituye.`,
    label: 'Elegir una contraseña nueva',
  },
  admin_reset_link: {
    subject: (brand) => `Elige una contraseña nueva para ${brand}`,
    body: (brand) => [
      `Un administrador de ${brand} te pide que elijas una contraseña nueva y ha cerrado tus sesiones.`,
      'Tu contraseña anterior sirve hasta que hayas elegido otra. Tu segundo paso se conserva.',
    ],
    lead: (lifetime) =>
      `Abre esta página para elegir una contraseña nueva. El enlace funciona una vez, durante ${lifetime}; otro más nuevo lo sustituye.`,
    label: 'Elegir una contraseña nueva',
  },
  email_change_link: {
    subject: (brand) => `Confirma tu nuevo correo para ${brand}`,
    body: (brand) => [
      `Alguien, esperamos que tú, quiere usar esta dirección para una cuenta en ${brand}.`,
      'Si no fuiste tú, no hagas caso de este correo: sin usar el enlace no cambia nada.',
    ],
    lead: (lifetime) =>
      `Abre esta página en el navegador en el que iniciaste sesión. El enlace funciona una vez, durante ${lifetime}.`,
    label: 'Confirmar este correo',
  },
  enrol_link: {
    subject: (brand) => `Configura tu segundo paso en ${brand}`,
    body: () => [
      'Tu organización exige la autenticación en dos pasos. Antes de configurarla, comprobamos con este correo que eres tú.',
      'Si no estás iniciando sesión en este momento, alguien conoce tu contraseña: cámbiala y no abras el enlace.',
    ],
    lead: (lifetime) =>
      `Abre esta página en el navegador en el que estás iniciando sesión. El enlace funciona una vez, durante ${lifetime}.`,
    label: 'Seguir con la configuración',
  },
};
