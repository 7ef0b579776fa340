#include "run/input.h"

#include <errno.h>
#include <inttypes.h>
#include <libconfig.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "core/dynamics.h"
#include "core/model.h"
#include "core/protocol.h"
#include "core/registry.h"
#include "io/h5.h"
#include "run/input_parts.h"
#include "run/prescan.h"
#include "run/start.h"
#include "systems/graph.h"
#include "systems/reference.h"

const char *const input_names[INPUT_SECTIONS + 1] = {
    "run", "model", "dynamics", "ladder", "exchange", "record", "checkpoint"};

int input_section_named(const char *name)
{
    for (int s = 0; s < INPUT_SECTIONS; s++)
        if (!strcmp(input_names[s], name))
            return s;
    return -1;
}

/* ---- text to tree ------------------------------------------------------ */

/* Line `line` of text without the space around it, cut to fit. */
static void line_of(const char *text, int line, char *out, size_t size)
{
    while (--line > 0 && (text = strchr(text, '\n')))
        text++;
    text = text ? text + strspn(text, " \t") : "";
    snprintf(out, size, "%.*s", (int)strcspn(text, "\r\n"), text);
}

static bool read_tree(const char *name, const char *text, config_t *tree,
                      struct err *err)
{
    char *tagged = prescan(name, text, err);
    if (!tagged)
        return false;
    bool good = config_read_string(tree, tagged);
    free(tagged);
    if (!good) {
        char line[60], *where;
        line_of(text, config_error_line(tree), line, sizeof line);
        where = mem_text("%s:%d", name, config_error_line(tree));
        err_add(err, EXIT_INPUT, where,
                "%s in \"%s\"; expected section = { key = value; ... };",
                config_error_text(tree), line);
        free(where);
    }
    return good;
}

/* ---- plug-ins first: they bring keys ----------------------------------- */

/* The value of a text key before any table is known; the last override wins.
   NULL: given, but not as text. Owned by the caller. */
static char *early_text(const config_t *tree, char *const *overrides,
                        int count, enum input_section s, const char *key,
                        const char *initial)
{
    for (int i = count - 1; i >= 0; i--) {
        struct override o;
        bool match = override_split(overrides[i], &o) &&
                     !strcmp(o.section, input_names[s]) && !strcmp(o.key, key);
        char *text = match ? override_text(o.text) : NULL;
        free(o.section);
        if (text)
            return text;
    }
    const config_setting_t *group =
        config_setting_get_member(config_root_setting(tree), input_names[s]);
    const config_setting_t *setting =
        group && config_setting_is_group(group)
            ? config_setting_get_member((config_setting_t *)group, key)
            : NULL;
    const char *text = setting ? config_setting_get_string(setting) : NULL;
    return text && *text == PRESCAN_TEXT ? mem_text("%s", text + 1)
           : setting                     ? NULL
                                         : mem_text("%s", initial);
}

static void choose_plugins(struct input *input, const config_t *tree,
                           char *const *overrides, int count)
{
    char *protocol = early_text(tree, overrides, count, INPUT_RUN, "protocol",
                                "tempering");
    char *model = early_text(tree, overrides, count, INPUT_MODEL, "name",
                             "ising");
    char *dynamics = early_text(tree, overrides, count, INPUT_DYNAMICS,
                                "name", "metropolis");
    input->protocol = protocol ? registry_protocol(protocol) : NULL;
    input->model = model ? registry_model(model) : NULL;
    input->dynamics = dynamics ? registry_dynamics_named(dynamics) : NULL;
    free(protocol);
    free(model);
    free(dynamics);
}

static void make_sections(struct input *input)
{
    static const struct param_table *const common[INPUT_SECTIONS] = {
        &run_table, &model_table, &dynamics_table, &ladder_table,
        &exchange_table, &record_table, &checkpoint_table};
    const struct param_table *own[INPUT_SECTIONS] = {
        [INPUT_RUN] = input->protocol ? input->protocol->keys : NULL,
        [INPUT_MODEL] = input->model ? input->model->keys : NULL,
        [INPUT_DYNAMICS] = input->dynamics ? input->dynamics->keys : NULL};
    for (int s = 0; s < INPUT_SECTIONS; s++)
        input->section[s] = section_new(input_names[s], common[s], own[s]);
    input->run = input->section[INPUT_RUN].values[0];
    input->model_common = input->section[INPUT_MODEL].values[0];
    input->dynamics_common = input->section[INPUT_DYNAMICS].values[0];
    input->ladder = input->section[INPUT_LADDER].values[0];
    input->exchange = input->section[INPUT_EXCHANGE].values[0];
    input->record = input->section[INPUT_RECORD].values[0];
    input->checkpoint = input->section[INPUT_CHECKPOINT].values[0];
}

/* ---- the whole --------------------------------------------------------- */

static void reading_end(struct reading *r)
{
    for (int i = 0; i < r->bad.count; i++)
        free(r->bad.at[i]);
    free(r->bad.at);
    for (int s = 0; s < INPUT_SECTIONS; s++)
        free(r->where[s]);
}

/* model.file_hash follows from model.file's content; one that was given must
   be it. */
static void settle_file_hash(struct reading *r)
{
    struct section *model = &r->input->section[INPUT_MODEL];
    const char *name = section_text(model, "file", "");
    const char *inside = strstr(name, ":/"); /* file.h5:/dataset */
    char **held = section_value(model, "file_hash"), text[17];
    char *file = mem_text("%.*s", (int)(inside ? (size_t)(inside - name)
                                               : strlen(name)), name);
    if (!held || !*file || access(file, R_OK)) {
        free(file);
        return;
    }
    snprintf(text, sizeof text, "%016" PRIx64, graph_file_hash(file));
    if (**held && strcmp(*held, text))
        err_add(r->err, EXIT_INPUT, reading_where(r, INPUT_MODEL, "file"),
                "model.file: the content of %s is not what it was (hash %s, "
                "was %s)", file, text, *held);
    free(*held);
    *held = mem_text("%s", text);
    free(file);
}

/* And model.reference_hash from the numbers of model.reference; a file that
   cannot be read is told of by the model. */
static void settle_reference_hash(struct reading *r)
{
    struct section *model = &r->input->section[INPUT_MODEL];
    const char *name = section_text(model, "reference", "");
    char **held = section_value(model, "reference_hash"), text[17];
    struct err ignored = {0};
    struct reference *ref =
        held && reference_of_file(name)
            ? reference_read(name, (int)section_integer(model, "samples", 1),
                             0, NULL, "model.reference", &ignored) : NULL;
    err_clear(&ignored);
    if (!ref)
        return;
    snprintf(text, sizeof text, "%016" PRIx64, reference_hash(ref));
    reference_free(ref);
    if (**held && strcmp(*held, text))
        err_add(r->err, EXIT_INPUT, reading_where(r, INPUT_MODEL, "reference"),
                "model.reference: the state %s is not what it was (hash %s, "
                "was %s)", name, text, *held);
    free(*held);
    *held = mem_text("%s", text);
}

/* The rungs a quench starts from have an anchor or not. */
static void settle_anchor(struct reading *r)
{
    struct input *input = r->input;
    struct section *ladder = &input->section[INPUT_LADDER];
    const char *start = input->run->start;
    bool *anchor = section_value(ladder, "anchor");
    if (!input->protocol || !input->protocol->quench ||
        section_given(ladder, "anchor") || !start_by_rung(start))
        return;
    char *path = mem_text("%.*s", (int)(strstr(start, ":/") - start), start);
    struct err ignored = {0};
    if (!access(path, R_OK)) {
        struct h5 *file = h5_open(path, H5_READ);
        *anchor = h5_integer(file, "/ladder/lambda", "first_requested", 1) > 0;
        h5_close(file, &ignored);
    }
    err_clear(&ignored);
    free(path);
}

static struct input *from_tree(const char *name, const config_t *tree,
                               char *const *overrides, int count,
                               bool model_only, struct err *err)
{
    struct input *input = mem_new(1, sizeof *input);
    const config_setting_t *root = config_root_setting(tree);
    int before = err->count;
    input->file = mem_text("%s", name);
    choose_plugins(input, tree, overrides, count);
    make_sections(input);
    struct reading r = {.name = input->file, .input = input, .err = err,
                        .model_only = model_only,
                        .no_plugin = {[INPUT_RUN] = !input->protocol,
                                      [INPUT_MODEL] = !input->model,
                                      [INPUT_DYNAMICS] = !input->dynamics}};
    for (int i = 0; i < config_setting_length(root); i++)
        reading_group(&r, config_setting_get_elem(root, (unsigned)i));
    for (int i = 0; i < count; i++)
        reading_override(&r, overrides[i]);
    input->model = model_meant(input->model, &input->section[INPUT_MODEL]);
    if (!input->model_common->seed && input->model &&
        input->model->disorder) {
        uint64_t *seed = section_value(&input->section[INPUT_MODEL], "seed");
        *seed = input->run->seed;
    }
    settle_file_hash(&r);
    settle_reference_hash(&r);
    settle_anchor(&r);
    input_check(&r);
    reading_end(&r);
    if (err->count == before)
        return input;
    input_free(input);
    return NULL;
}

static struct input *from_text(const char *name, const char *text,
                               char *const *overrides, int count,
                               bool model_only, struct err *err)
{
    config_t tree;
    config_init(&tree);
    struct input *input =
        read_tree(name, text, &tree, err)
            ? from_tree(name, &tree, overrides, count, model_only, err)
            : NULL;
    config_destroy(&tree);
    return input;
}

/* ---- files ------------------------------------------------------------- */

static char *read_stream(FILE *file, size_t most, size_t *length)
{
    char *text = mem_new(most + 1, 1);
    *length = fread(text, 1, most, file);
    text[*length] = 0;
    return text;
}

/* Why these bytes cannot be an input; NULL when they may be. */
static const char *not_an_input(const char *text, size_t length, size_t most)
{
    if (length >= 4 && !memcmp(text, "\x89HDF", 4))
        return "an HDF5 file, not an input; give the .cfg file";
    if (length == most)
        return "too large for an input (1 MB at most)";
    if (memchr(text, 0, length))
        return "not a text file";
    if (!text[strspn(text, " \t\r\n")])
        return "an empty file; an input has sections such as "
               "run = { sweeps = 20000; };";
    return NULL;
}

char *input_text(const char *name, struct err *err)
{
    const size_t most = 1 << 20;
    struct stat status;
    size_t length = 0;
    FILE *file = fopen(name, "r");
    if (!file || fstat(fileno(file), &status)) {
        err_add(err, EXIT_INPUT, name, "cannot be opened: %s",
                strerror(errno));
        return NULL;
    }
    bool folder = S_ISDIR(status.st_mode);
    char *text = folder ? NULL : read_stream(file, most, &length);
    const char *problem = folder         ? "a directory, not an input file"
                          : ferror(file) ? strerror(errno)
                          : not_an_input(text, length, most);
    fclose(file);
    if (problem) {
        err_add(err, EXIT_INPUT, name, "%s", problem);
        free(text);
        return NULL;
    }
    /* A byte order mark: blanks keep the lines as they are. */
    if (!strncmp(text, "\xEF\xBB\xBF", 3))
        memset(text, ' ', 3);
    return text;
}

struct input *input_read(const char *file, char *const *overrides, int count,
                         struct err *err)
{
    char *text = input_text(file, err);
    struct input *input =
        text ? from_text(file, text, overrides, count, false, err) : NULL;
    free(text);
    return input;
}

struct input *input_parse(const char *name, const char *text,
                          char *const *overrides, int count, struct err *err)
{
    return from_text(name, text, overrides, count, false, err);
}

struct input *input_model(const char *file, char *const *overrides,
                          int count, struct err *err)
{
    char *text = file ? input_text(file, err) : mem_text("%s", "");
    struct input *input = text ? from_text(file ? file : "default", text,
                                           overrides, count, true, err)
                               : NULL;
    free(text);
    return input;
}

void input_free(struct input *input)
{
    if (!input)
        return;
    for (int s = 0; s < INPUT_SECTIONS; s++)
        section_free(&input->section[s]);
    free(input->file);
    free(input);
}
