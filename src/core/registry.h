/* Every plug-in that was built, from Automake's own source lists (see
   src/core/registry.sh). Lists end with NULL. */
#ifndef TEMPERA_CORE_REGISTRY_H
#define TEMPERA_CORE_REGISTRY_H

struct model;
struct dynamics;
struct kernel;
struct protocol;
struct solver;

extern const struct model *const registry_models[];
extern const struct dynamics *const registry_dynamics[];
extern const struct kernel *const registry_kernels[];
extern const struct protocol *const registry_protocols[];
extern const struct solver *const registry_solvers[];

/* By name, or NULL. */
const struct model *registry_model(const char *name);
const struct dynamics *registry_dynamics_named(const char *name);
const struct kernel *registry_kernel(const char *name);
const struct protocol *registry_protocol(const char *name);
const struct solver *registry_solver(const char *name);

#endif
