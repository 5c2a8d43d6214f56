export const RULES = '/admin/rules';
export const TWO_FACTOR = `${RULES}/two-factor`;

/** In an address, where a group's id stands otherwise. */
export const EVERYONE = 'everyone';
/** Before the id of an app there. */
export const APP = 'app.';
