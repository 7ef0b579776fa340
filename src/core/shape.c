#include "core/shape.h"

void shape_check(const struct section *keys, double most, struct err *err)
{
    const struct integers *shape = section_integers(keys, "shape");
    const char *where = section_where(keys, "shape");
    int64_t samples = section_integer(keys, "samples", 1);
    double sites = 1;
    for (int a = 0; a < shape->count; a++)
        sites *= (double)shape->at[a];
    if (shape->count < 1 || shape->count > LATTICE_DIM)
        err_add(err, EXIT_INPUT, where,
                "model.shape: %d axes; 1 to 4 are allowed", shape->count);
    else if (sites > most)
        err_add(err, EXIT_INPUT, where,
                "model.shape: %.0f sites; at most %.0f", sites, most);
    else if (sites * (double)samples > most)
        err_add(err, EXIT_INPUT, where,
                "model.shape: %.0f sites times %lld samples; at most %.0f",
                sites, (long long)samples, most);
}

struct lattice *shape_lattice(const struct section *keys)
{
    const struct integers *shape = section_integers(keys, "shape");
    return lattice_new(shape->at, shape->count,
                       section_text(keys, "boundary", "periodic")[0] == 'p');
}
