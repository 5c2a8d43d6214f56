/** The environment of a process in which no package of such a name is to be found. */
export function loadingNone(names: string): Record<string, string> {
  const hook = `import { registerHooks } from 'node:module';
    registerHooks({
      resolve(specifier, context, next) {
        if (!/^[.\\/]|:/.test(specifier) && /${names}/.test(specifier))
          throw Object.assign(new Error('Cannot find package ' + specifier), { code: 'ERR_MODULE_NOT_FOUND' });
        return next(specifier, context);
      },
    });`;
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(hook)}` };
}
