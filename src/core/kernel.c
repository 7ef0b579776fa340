#include "core/kernel.h"

#include <string.h>

#include "core/registry.h"

static bool wanted_matches(const struct kernel *kernel, const char *wanted)
{
    return !strcmp(wanted, "auto") || !strcmp(wanted, kernel->name) ||
           !strcmp(wanted, kernel->family) || !strcmp(wanted, kernel->isa);
}

static const char *refusal(const struct kernel *kernel,
                           const struct bank_spec *spec)
{
    if (!(kernel->streams >> spec->stream & 1))
        return "it does not speak this stream";
    if (!kernel->cpu())
        return "this cpu lacks its instructions";
    return kernel->refuses(spec);
}

const struct kernel *kernel_choose(const struct bank_spec *spec,
                                   const char *wanted, const char *where,
                                   struct err *err)
{
    const struct kernel *best = NULL;
    const char *why = "no kernel has that name";
    const char *whose = wanted;
    for (int i = 0; registry_kernels[i]; i++) {
        const struct kernel *kernel = registry_kernels[i];
        if (!wanted_matches(kernel, wanted))
            continue;
        const char *no = refusal(kernel, spec);
        if (!no && (!best || kernel->rank > best->rank))
            best = kernel;
        bool speaks = kernel->streams >> spec->stream & 1;
        if (no && (speaks || whose == wanted)) {
            why = no;
            whose = kernel->name;
        }
    }
    if (!best && !strcmp(wanted, "auto"))
        err_add(err, EXIT_INPUT, where,
                "dynamics.stream: \"%s\" does not fit here: %s: %s; \"auto\" "
                "always fits", stream_names[spec->stream], whose, why);
    else if (!best)
        err_add(err, EXIT_INPUT, where,
                "dynamics.kernel = \"%s\" does not fit stream \"%s\" here: "
                "%s: %s; \"auto\" always finds one", wanted,
                stream_names[spec->stream], whose, why);
    return best;
}
