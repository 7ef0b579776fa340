/* A bank: walkers the hardware moves together. This is the only place that
   makes one; everything else calls bank->kernel's functions. */
#ifndef TEMPERA_CORE_BANK_H
#define TEMPERA_CORE_BANK_H
#include "core/kernel.h"

/* The kernel has been chosen by kernel_choose for this very spec; spec is
   copied (system, dynamics and rungs are borrowed). */
struct bank *bank_new(const struct kernel *kernel,
                      const struct bank_spec *spec);
void bank_free(struct bank *bank);

#endif
