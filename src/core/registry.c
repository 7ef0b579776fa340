#include "core/registry.h"

#include <string.h>

#include "core/dynamics.h"
#include "core/kernel.h"
#include "core/model.h"
#include "core/protocol.h"
#include "core/solver.h"

/* A plug-in kind's finder: walks its list. */
#define FINDER(kind, list, function)                                         \
    const struct kind *function(const char *name)                            \
    {                                                                        \
        const struct kind *const *at = list;                                 \
        while (*at && strcmp((*at)->name, name))                             \
            at++;                                                            \
        return *at;                                                          \
    }

FINDER(model, registry_models, registry_model)
FINDER(dynamics, registry_dynamics, registry_dynamics_named)
FINDER(kernel, registry_kernels, registry_kernel)
FINDER(protocol, registry_protocols, registry_protocol)
FINDER(solver, registry_solvers, registry_solver)
