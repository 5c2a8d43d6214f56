/** For the fuzzer's own test: the first step must be found before the second. */
export function climb(input: Buffer): number {
  let height = 0;
  if (input[0] === 0x47) {
    height++;
    if (input[1] === 0x9c) throw new Error('at the top');
  }
  return height;
}
