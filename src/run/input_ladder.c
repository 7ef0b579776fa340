/* The ladder's keys against each other. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "core/dynamics.h"
#include "core/protocol.h"
#include "run/input_parts.h"

/* One message about ladder.<key>. */
__attribute__((format(printf, 3, 4)))
static void complain(struct reading *r, const char *key, const char *format,
                     ...)
{
    char text[512];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    err_add(r->err, EXIT_INPUT, reading_where(r, INPUT_LADDER, key),
            "ladder.%s: %s", key, text);
    reading_blame(r, INPUT_LADDER, key);
}

static bool bad(const struct reading *r, const char *key)
{
    return reading_bad(r, INPUT_LADDER, key);
}

static bool spacing_is(const struct reading *r, const char *word)
{
    return !strcmp(r->input->ladder->spacing, word);
}

/* With spacing = "list" the rungs are counted, not asked for. */
static void settle_rungs(struct reading *r, const char *key, int count)
{
    struct section *section = &r->input->section[INPUT_LADDER];
    int64_t *rungs = section_value(section, "rungs");
    if (bad(r, "rungs"))
        return;
    if (section_given(section, "rungs") && *rungs != count)
        complain(r, "rungs", "%lld, but ladder.%s lists %d",
                 (long long)*rungs, key, count);
    else
        *rungs = count;
}

/* ---- temperature or beta ----------------------------------------------- */

static bool check_signs(struct reading *r, const char *key,
                        const struct reals *list)
{
    bool temperature = !strcmp(key, "temperature");
    bool up = false, down = false, zero = false;
    for (int i = 0; i < list->count; i++) {
        up |= list->at[i] > 0;
        down |= list->at[i] < 0;
        zero |= list->at[i] == 0;
    }
    if (temperature && (down || zero))
        complain(r, key, "a temperature must be > 0; beta = 0 is infinite "
                         "temperature, beta < 0 negative");
    else if (spacing_is(r, "geometric") && !bad(r, "spacing") &&
             (zero || (up && down)))
        complain(r, key, "spacing \"geometric\" needs both ends on one side "
                         "of zero");
    else if (up && down)
        complain(r, key, "beta changes sign; rungs are ordered by |beta|: "
                         "make it two runs");
    return !bad(r, key);
}

static void check_list(struct reading *r, const char *key,
                       const struct reals *list)
{
    for (int i = 1; i < list->count; i++) {
        double step = list->at[i] - list->at[i - 1];
        double first = list->at[1] - list->at[0];
        if (step == 0 || (step > 0) != (first > 0)) {
            char *a = param_real(list->at[i - 1]);
            char *b = param_real(list->at[i]);
            complain(r, key, "a list must rise or fall all along, but %s is "
                             "followed by %s", a, b);
            free(a);
            free(b);
            return;
        }
    }
    settle_rungs(r, key, list->count);
}

static void check_ends(struct reading *r, const char *key,
                       const struct reals *ends)
{
    long long rungs = r->input->ladder->rungs;
    if (ends->count > 2) {
        complain(r, key, "%d numbers; [from, to], or spacing = \"list\"",
                 ends->count);
        return;
    }
    bool same = ends->count == 1 || ends->at[0] == ends->at[1];
    if (bad(r, "rungs"))
        return;
    if (same && rungs > 1)
        complain(r, "rungs", "%lld rungs at one %s; say rungs = 1, or "
                             "different ends", rungs, key);
    else if (!same && rungs < 2)
        complain(r, "rungs", "%lld rung for two different ends; at least 2",
                 rungs);
}

static void check_line(struct reading *r, const char *key,
                       const struct reals *list)
{
    if (!check_signs(r, key, list) || bad(r, "spacing"))
        return;
    if (spacing_is(r, "list"))
        check_list(r, key, list);
    else
        check_ends(r, key, list);
}

/* ---- components and points --------------------------------------------- */

static void check_components(struct reading *r)
{
    const struct texts *list = &r->input->ladder->components;
    const struct model *model = r->input->model;
    const char *known[COMPONENTS_MAX + 1] = {0};
    for (int k = 0; model && k < model->components; k++)
        known[k] = model->component[k];
    for (int i = 0; model && i < list->count; i++) {
        bool match = false, again = false;
        for (int k = 0; known[k]; k++)
            match |= !strcmp(known[k], list->at[i]);
        for (int k = 0; k < i; k++)
            again |= !strcmp(list->at[k], list->at[i]);
        const char *nearest = err_nearest(list->at[i], known);
        if (again)
            complain(r, "components", "\"%s\" is given twice", list->at[i]);
        else if (!match)
            complain(r, "components",
                     "\"%.80s\" is no component of model %s%s%s%s",
                     list->at[i], model->name,
                     nearest ? "; did you mean \"" : "",
                     nearest ? nearest : "", nearest ? "\"?" : "");
    }
}

/* Turning back on a line would visit a rung twice. */
static void check_corners(struct reading *r, const struct points *points)
{
    int w = points->width;
    for (int i = 1; i < points->count; i++) {
        const double *a = points->at + (i - 1) * w, *b = points->at + i * w;
        bool same = true;
        for (int k = 0; k < w; k++)
            same &= a[k] == b[k];
        if (same)
            complain(r, "points", "points %d and %d are equal", i, i + 1);
        else if (w == 1 && (b[0] > a[0]) != (points->at[1] > points->at[0]))
            complain(r, "points", "the path turns back at point %d", i);
        else
            continue;
        return;
    }
}

static void check_path(struct reading *r)
{
    const struct ladder_keys *ladder = r->input->ladder;
    const struct points *points = &ladder->points;
    int components = ladder->components.count;
    if (bad(r, "components") || bad(r, "points"))
        return;
    if (!components || !points->count) {
        complain(r, components ? "components" : "points",
                 "components and points go together");
        return;
    }
    check_components(r);
    if (points->width != components) {
        complain(r, "points", "%d numbers a point for %d component%s",
                 points->width, components, components == 1 ? "" : "s");
        return;
    }
    check_corners(r, points);
    if (spacing_is(r, "geometric") && !bad(r, "spacing"))
        complain(r, "spacing", "\"geometric\" needs temperature or beta; "
                               "a path takes adaptive, linear or list");
    if (spacing_is(r, "list"))
        settle_rungs(r, "points", points->count);
    else if (!bad(r, "rungs") && points->count == 1 && ladder->rungs > 1)
        complain(r, "rungs", "%lld rungs at one point; say rungs = 1, or "
                             "more points", (long long)ladder->rungs);
    else if (!bad(r, "rungs") && ladder->rungs < points->count)
        complain(r, "rungs", "%lld rungs for a path of %d points",
                 (long long)ladder->rungs, points->count);
}

/* A model without an exact point cannot be anchored. */
static void check_exact_point(struct reading *r)
{
    const struct input *in = r->input;
    const struct section *section = &in->section[INPUT_LADDER];
    if (!in->model || in->model->exact_at || bad(r, "anchor"))
        return;
    if (section_given(section, "anchor") && in->ladder->anchor)
        complain(r, "anchor", "model %s is exact at no lambda: nothing to "
                 "anchor at, ln Z is relative to rung 0", in->model->name);
    else if (in->ladder->anchor_rungs && !bad(r, "anchor_rungs"))
        complain(r, "anchor_rungs", "model %s is exact at no lambda: "
                 "nothing to anchor at", in->model->name);
}

/* ---- all --------------------------------------------------------------- */

static void check_choice(struct reading *r)
{
    const struct ladder_keys *ladder = r->input->ladder;
    bool t = ladder->temperature.count, b = ladder->beta.count;
    bool path = ladder->components.count || ladder->points.count;
    if (bad(r, "temperature") || bad(r, "beta"))
        return;
    if (t && b)
        complain(r, "beta", "temperature is given too; give one of them");
    else if (path && (t || b))
        complain(r, t ? "temperature" : "beta",
                 "components and points are given too; give one of the two "
                 "forms");
    else if (path)
        check_path(r);
    else if (t)
        check_line(r, "temperature", &ladder->temperature);
    else if (b)
        check_line(r, "beta", &ladder->beta);
    else if (!bad(r, "components") && !bad(r, "points"))
        err_add(r->err, EXIT_INPUT,
                reading_where(r, INPUT_LADDER, "temperature"),
                "ladder: temperature = [from, to] or beta = [from, to] is "
                "missing");
}

/* An anchor that cannot be, asked for. */
static void check_anchor(struct reading *r)
{
    const struct section *section = &r->input->section[INPUT_LADDER];
    const struct ladder_keys *ladder = r->input->ladder;
    const struct dynamics *dynamics = r->input->dynamics;
    bool asked = section_given(section, "anchor") && ladder->anchor;
    if (!dynamics || !dynamics->conserves || bad(r, "anchor") ||
        bad(r, "anchor_rungs") || !(asked || ladder->anchor_rungs))
        return;
    complain(r, asked ? "anchor" : "anchor_rungs",
             "dynamics %s conserves %s: no point is exact for it",
             dynamics->name, dynamics->conserves);
}

void input_check_ladder(struct reading *r)
{
    const struct ladder_keys *ladder = r->input->ladder;
    check_choice(r);
    check_exact_point(r);
    check_anchor(r);
    bool quench = r->input->protocol && r->input->protocol->quench;
    if (spacing_is(r, "adaptive") && ladder->rungs > 2 && !quench &&
        r->input->run->burn_in < 32 && !bad(r, "spacing") &&
        !bad(r, "rungs") && !reading_bad(r, INPUT_RUN, "burn_in"))
        complain(r, "spacing", "spacing \"adaptive\" needs run.burn_in >= 32");
}
