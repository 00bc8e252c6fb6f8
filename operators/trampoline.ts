/**
 * Makes `step` safe to ask for from anywhere, itself included: a call that comes while it runs makes it run once more after it returned.
 * Loops over synchronous sources thus need no stack, and no turn is lost.
 */
export const trampoline = (step: () => void): (() => void) => {
  let running = false;
  let again = false;
  return () => {
    again = true;
    if (running) return;
    running = true;
    try {
      while (again) {
        again = false;
        step();
      }
    } finally {
      running = false;
    }
  };
};
