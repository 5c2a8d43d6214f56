/** "1 account", "2 accounts": in the operator's lines, which are English. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
