import type { FactorWords } from './words.en.ts';

export const es: FactorWords = {
  signingInAs: (email) => `Iniciando sesión como ${email}`,
  confirming: (email) => `Confirma que eres tú, ${email}`,
  trust: (days) => `No volver a pedirlo en este navegador durante ${days === 1 ? 'un día' : `${days} días`}`,
  trouble: '¿Tienes problemas?',
  lost: 'Lo he perdido todo',
  lostWrite: '¿Lo has perdido todo? Escribe a',
  lostAsk: '¿Lo has perdido todo? Tu administrador puede restablecer tu autenticación en dos pasos.',
  cancel: 'Entrar con otra cuenta',
  back: 'Cancelar',
  lacking: {
    title: { mfa: (app) => `${app} pide un segundo paso`, phr: (app) => `${app} pide una llave` },
    factor:
      'Esta aplicación solo está abierta a cuentas con autenticación en dos pasos, y la tuya aún no la tiene. Actívala: se tarda un minuto. Después vuelve a esta página.',
    setUp: 'Activar la autenticación en dos pasos',
    key: 'Esta aplicación solo está abierta a quien inicia sesión con una llave de seguridad o de acceso, y aún no tienes ninguna. Añade una: puede servir el lector de huellas o el reconocimiento facial de este dispositivo. Después vuelve a esta página.',
    addKey: 'Añadir una llave de seguridad o de acceso',
    useKey:
      'Esta aplicación solo está abierta a quien inicia sesión con una llave de seguridad o de acceso. Confirma que eres tú y elige tu llave en el segundo paso.',
    confirm: 'Confirmar con una llave',
    done: 'Ya está: continuar',
  },
};
