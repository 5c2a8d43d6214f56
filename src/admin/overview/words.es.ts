import type { OverviewWords } from './words.en.ts';

export const es: OverviewWords = {
  title: 'Resumen',
  lead: 'Cómo va todo y qué requiere atención.',
  todo: {
    title: 'Requiere atención',
    nothing: 'No hay nada pendiente.',
    help: (count) =>
      count === 1 ? 'Hay una solicitud de ayuda abierta' : `Hay ${count} solicitudes de ayuda abiertas`,
    helpMeta: 'Alguien ha perdido todos sus segundos pasos.',
    helpLink: 'Decidir',
    atRisk: (count, shown) =>
      count === 1
        ? 'Una persona se quedaría fuera si perdiera una sola cosa'
        : `${shown} personas se quedarían fuera si perdieran una sola cosa`,
    atRiskMost: (shown) => `Más de ${shown} personas se quedarían fuera si perdieran una sola cosa`,
    atRiskMeta: 'Un teléfono o una llave, y ningún código de recuperación.',
    atRiskLink: 'Ver quién',
    app: (name) => `Aplicación: ${name}`,
    coming: (whom, day) => `${whom}: dos pasos obligatorios a partir del ${day}`,
    comingMeta: (count, shown) =>
      count === 0
        ? 'Todas estas personas tienen un segundo paso.'
        : count === 1
          ? 'Una persona todavía no tiene un segundo paso.'
          : `${shown} personas todavía no tienen un segundo paso.`,
    comingLink: 'Ver quién',
    late: (count, shown) => (count === 1 ? 'Un correo va con retraso' : `${shown} correos van con retraso`),
    lateTexts: (count, shown) =>
      count === 1 ? 'Un mensaje de texto va con retraso' : `${shown} mensajes de texto van con retraso`,
    lateMeta: 'Llevan más de cinco minutos en la cola. Se vuelven a intentar durante tres días.',
    failed: (count, shown) =>
      count === 1
        ? 'Un correo se dio por perdido en el último día'
        : `${shown} correos se dieron por perdidos en el último día`,
    failedTexts: (count, shown) =>
      count === 1
        ? 'Un mensaje de texto se dio por perdido en el último día'
        : `${shown} mensajes de texto se dieron por perdidos en el último día`,
    failedMeta: 'El registro del servidor dice por qué.',
    clock: (seconds) => `El reloj de esta máquina se desvía ${seconds} segundos`,
    clockMeta: 'Los códigos de un solo uso se rechazan hasta que esté en hora. Ponlo por NTP.',
  },
  everyone: 'Todas las personas',
  people: {
    title: 'Autenticación en dos pasos',
    sentence: (share, part, whole) => `El ${share} de las personas la tiene activada: ${part} de ${whole}.`,
    none: 'Todavía no hay nadie aquí.',
    counted: 'Recuento:',
    any: 'Algún segundo paso',
    method: 'Método',
    people: 'Personas',
    share: 'Parte',
    table: 'Cifras en una tabla',
  },
  tries: {
    title: 'Los últimos 30 días',
    signedIn: 'Inicios de sesión',
    refused: 'Intentos rechazados',
    refusedLead: 'Contraseñas, códigos, llaves y llaves de acceso que no eran correctos.',
    total: (total, most, day) => `${total} en total; el día con más fue el ${day}: ${most}.`,
    nothing: 'Ninguno.',
    day: 'Día (UTC)',
    table: 'Cifras en una tabla',
  },
  now: {
    title: 'Ahora mismo',
    codesHeld: 'Códigos de un solo uso en pausa',
    codesClosed: 'Códigos de un solo uso cerrados',
    passwordWaits: 'Esperas tras contraseñas erróneas',
    mails: 'Correos',
    texts: 'Mensajes de texto',
    delivery: (sent, waiting, late, failed) =>
      `${sent} ${sent === '1' ? 'enviado' : 'enviados'} en el último día, ${waiting} en cola (${late} con retraso), ${failed} ${failed === '1' ? 'dado por perdido' : 'dados por perdidos'}`,
    clock: 'Reloj',
    clockSame: 'La base de datos está en esta máquina: un solo reloj.',
    clockOff: (seconds) => `A ${seconds} segundos del de la base de datos`,
  },
  atRisk: {
    title: 'A una pérdida de quedarse fuera',
    lead: 'Tienen un solo teléfono o una sola llave y ningún código de recuperación. Pídeles que creen códigos nuevos en Cuenta > Seguridad.',
    list: 'Personas en riesgo',
    nobody: 'Nadie. Todas las personas tienen códigos de recuperación o un segundo método.',
    noneHere: 'Nadie hasta aquí.',
    empty: 'No hay nadie más después.',
    back: 'Resumen',
    next: 'Siguiente',
    goOn: 'Seguir buscando',
    first: 'Volver al principio',
    pages: 'Más personas',
  },
};
