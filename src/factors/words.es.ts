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
};
