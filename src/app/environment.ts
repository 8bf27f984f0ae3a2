// What this browser and this server lack, and what that means for the person at the page.

export interface Shortcoming {
  /** `bad`: the models cannot run. `warn`: they run, but slower. */
  severity: 'bad' | 'warn';
  title: string;
  message: string;
  details: string;
}

/** What is asked of the global scope. */
export interface Environment {
  hasWebAssembly: boolean;
  crossOriginIsolated: boolean;
}

/** Reads the page's own environment. */
export function readEnvironment(scope: typeof globalThis): Environment {
  return {
    hasWebAssembly: 'WebAssembly' in scope,
    crossOriginIsolated: scope.crossOriginIsolated,
  };
}

/** The first thing that is missing, or `null` when all is there. */
export function findShortcoming(environment: Environment): Shortcoming | null {
  if (!environment.hasWebAssembly) {
    return {
      severity: 'bad',
      title: 'This browser cannot run the models',
      message:
        'WebAssembly is missing or switched off. Use a current Chrome, Edge, Firefox or Safari, or allow WebAssembly for this page.',
      details: 'The global object "WebAssembly" does not exist.',
    };
  }
  if (!environment.crossOriginIsolated) {
    return {
      severity: 'warn',
      title: 'The models run on one thread here',
      message:
        'Answers are the same but take longer: the server of this page leaves out the headers that browsers ask for before they allow threads. Start the page with npm start, or have its server send both headers.',
      details:
        'Cross-Origin-Opener-Policy: same-origin\nCross-Origin-Embedder-Policy: require-corp\n(window.crossOriginIsolated is false)',
    };
  }
  return null;
}
