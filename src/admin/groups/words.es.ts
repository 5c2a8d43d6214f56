import type { GroupWords } from './words.en.ts';

export const es: GroupWords = {
  list: {
    title: 'Grupos',
    lead: 'Personas a las que reglas, aplicaciones y publicaciones nombran juntas.',
    create: 'Crear un grupo',
    empty: 'Aún no hay ningún grupo.',
    people: (count) => (count === 1 ? '1 persona' : `${count} personas`),
    name: 'Grupo',
    members: 'Personas',
  },
  form: {
    create: 'Crear un grupo',
    createLead: 'Las aplicaciones leen el nombre: elige uno que dure.',
    rename: 'Cambiar el nombre del grupo',
    renameLead: (name) =>
      `Las aplicaciones que leen el nombre «${name}» encontrarán el nuevo desde el próximo inicio de sesión.`,
    label: 'Nombre',
    createButton: 'Crear el grupo',
    renameButton: 'Cambiar el nombre',
    cancel: 'Cancelar',
  },
  group: {
    back: 'Grupos',
    members: 'Personas',
    empty: 'Nadie pertenece aún a este grupo.',
    nobodyHere: 'No hay nadie más.',
    add: 'Correo',
    addButton: 'Añadir al grupo',
    remove: 'Quitar',
    removeOf: (name) => `Quitar a ${name}`,
    next: 'Siguientes',
    first: 'Volver al principio',
    pages: 'Más personas',
    rename: 'Cambiar el nombre del grupo',
    removeGroup: 'Eliminar el grupo',
    uses: 'Dónde se nombra',
    unused: 'Ninguna regla ni aplicación nombra a este grupo.',
    rule: (from) => `Sus personas deben usar la autenticación en dos pasos desde el ${from}.`,
    ruleAhead: (from) => `Sus personas deberán usar la autenticación en dos pasos a partir del ${from}.`,
    client: (name) => `${name} deja entrar a sus personas.`,
    clientOnly: (name) => `${name} deja entrar a sus personas y a nadie más.`,
  },
  leave: {
    title: (name) => `¿Quitar a ${name} del grupo?`,
    lead: (name, group) =>
      `Lo que solo pueden abrir las personas de ${group} queda cerrado para ${name} desde ahora.`,
    button: 'Quitar',
    cancel: 'Cancelar',
  },
  remove: {
    title: (name) => `¿Eliminar el grupo ${name}?`,
    lead: 'Sus personas siguen aquí; solo dejan de pertenecer juntas.',
    rule: 'Termina la regla de que deben usar la autenticación en dos pasos.',
    clients: (names) => `${names}: ya no estará abierto para ellas.`,
    button: 'Eliminar el grupo',
    cancel: 'Cancelar',
    guards: (names) =>
      `${names}: deja entrar solo a este grupo y, sin él, a cualquiera. Indica antes quién puede entrar allí.`,
  },
};
