import type { FactorWords } from './words.en.ts';

export const es: FactorWords = {
  signingInAs: (email) => `Iniciando sesión como ${email}`,
  confirming: (email) => `Confirma que eres tú, ${email}`,
  trouble: '¿Tienes problemas?',
  lostWrite: '¿Lo has perdido todo? Escribe a',
  lostAsk: '¿Lo has perdido todo? Tu administrador puede restablecer tu autenticación en dos pasos.',
  cancel: 'Entrar con otra cuenta',
  back: 'Cancelar',
};
