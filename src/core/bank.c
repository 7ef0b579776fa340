#include "core/bank.h"

#include <stdlib.h>

#include "base/alloc.h"

struct bank *bank_new(const struct kernel *kernel,
                      const struct bank_spec *spec)
{
    struct bank *bank = kernel->create(spec);
    bank->kernel = kernel;
    bank->spec = *spec;
    bank->spec.sample = mem_copy(spec->sample, (size_t)spec->lanes,
                                 sizeof *spec->sample);
    bank->label = mem_new((size_t)spec->lanes, sizeof *bank->label);
    for (int lane = 0; spec->stream == STREAM_SHARED && lane < spec->lanes;
         lane++)
        bank->label[lane] = lane % spec->sharing.slots;
    bank->success = mem_new((size_t)spec->lanes, sizeof *bank->success);
    bank->rests = mem_new((size_t)spec->lanes, sizeof *bank->rests);
    return bank;
}

void bank_free(struct bank *bank)
{
    if (!bank)
        return;
    bank->kernel->destroy(bank);
    free((void *)bank->spec.sample);
    free(bank->label);
    free(bank->success);
    free(bank->rests);
    free(bank);
}
