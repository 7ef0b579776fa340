#include "core/overlay.h"

#include <string.h>

void overlay_take(struct solution *to, const struct solution *from,
                  const struct overlay_row *rows, double sites)
{
    for (const struct overlay_row *row = rows; row->name; row++)
        for (int i = 0; i < from->count; i++)
            if (!strcmp(from->result[i].name, row->of)) {
                double factor = row->extensive ? sites : 1;
                solution_add(to, row->name, factor * from->result[i].value,
                             factor * from->result[i].error,
                             from->result[i].unit);
            }
    for (int w = 0; w < from->warnings; w++)
        solution_warn(to, "%s", from->warning[w]);
}
