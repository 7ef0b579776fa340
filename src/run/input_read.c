/* The tagged tree and the overrides, key by key, into sections. */
#include <libconfig.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "core/dynamics.h"
#include "core/model.h"
#include "run/input_parts.h"
#include "run/prescan.h"

/* ---- one pass: who is to blame, and where ------------------------------ */

void reading_blame(struct reading *r, enum input_section s, const char *key)
{
    r->bad.at = mem_grow(r->bad.at, (size_t)r->bad.count + 1, sizeof(char *));
    r->bad.at[r->bad.count++] = mem_text("%s.%s", input_names[s], key);
}

bool reading_bad(const struct reading *r, enum input_section s,
                 const char *key)
{
    char *name = mem_text("%s.%s", input_names[s], key);
    bool bad = false;
    for (int i = 0; i < r->bad.count && !bad; i++)
        bad = !strcmp(r->bad.at[i], name);
    free(name);
    return bad;
}

const char *reading_where(const struct reading *r, enum input_section s,
                          const char *key)
{
    const struct section *section = &r->input->section[s];
    return section_given(section, key) ? section_where(section, key)
           : r->where[s]               ? r->where[s]
                                       : r->name;
}

/* ---- overrides --------------------------------------------------------- */

static const char command_line[] = "command line";

bool override_split(const char *argument, struct override *o)
{
    *o = (struct override){.section = mem_text("%s", argument)};
    char *equals = strchr(o->section, '='), *dot;
    if (equals) {
        *equals = 0;
        o->text = equals + 1;
        for (char *c = equals; c > o->section && c[-1] == ' '; c--)
            c[-1] = 0;
        dot = strchr(o->section, '.');
        if (dot) {
            *dot = 0;
            o->key = dot + 1;
        }
    }
    return o->key && *o->key && *o->section;
}

char *override_text(const char *text)
{
    size_t n = strlen(text);
    bool quoted = n >= 2 && text[0] == '"' && text[n - 1] == '"';
    return mem_text("%.*s", (int)(quoted ? n - 2 : n), text + quoted);
}

static bool parse_override(const struct param *row, const char *text,
                           const char *section, const char *where,
                           void *value, struct err *err)
{
    char *raw = override_text(text);
    char *problem =
        param_parse(row, row->type == PARAM_text ? raw : text, value);
    free(raw);
    if (problem)
        err_add(err, EXIT_INPUT, where, "%s%s%s=%.80s: %s",
                section ? section : "", section ? "." : "", row->key, text,
                problem);
    free(problem);
    return !problem;
}

bool input_value(const struct param *row, const char *text,
                 const char *section, const char *where, void *value,
                 struct err *err)
{
    int before = err->count;
    if (parse_override(row, text, section, where, value, err))
        param_check(row, section, value, where, err);
    return err->count == before;
}

/* ---- names that do not exist ------------------------------------------- */

/* A section that has this key, or -1. */
static int section_with(const struct input *input, const char *key)
{
    int block;
    for (int s = 0; s < INPUT_SECTIONS; s++)
        if (section_find(&input->section[s], key, &block))
            return s;
    return -1;
}

static void unknown_section(struct reading *r, const char *where,
                            const char *shown, const char *name)
{
    const char *nearest = err_nearest(name, input_names);
    int s = section_with(r->input, name);
    char *meant = s >= 0    ? mem_text("%s.%s", input_names[s], name)
                  : nearest ? mem_text("%s", nearest)
                            : NULL;
    err_add(r->err, EXIT_INPUT, where,
            "%s: no such section; the sections are run, model, dynamics, "
            "ladder, exchange, record, checkpoint%s%s%s",
            shown, meant ? "; did you mean " : "", meant ? meant : "",
            meant ? "?" : "");
    free(meant);
}

/* All keys of a section, ending with NULL; free() the list. */
static const char **keys_of(const struct section *section)
{
    int n = 0;
    const char **keys = mem_new(1, sizeof *keys);
    for (int b = 0; b < 2; b++)
        for (int i = 0; section->table[b] && i < section->table[b]->count;
             i++) {
            keys = mem_grow(keys, (size_t)n + 2, sizeof *keys);
            keys[n++] = section->table[b]->rows[i].key;
        }
    keys[n] = NULL;
    return keys;
}

char *input_joined(const char *const *words)
{
    char *list = mem_text("%s", "");
    for (int i = 0; words[i]; i++) {
        char *longer = mem_text("%s%s%s", list, i ? ", " : "", words[i]);
        free(list);
        list = longer;
    }
    return list;
}

/* shown: "ladder.rnugs" or "ladder.rnugs=5" */
static void unknown_key(struct reading *r, enum input_section s,
                        const char *where, const char *shown,
                        const char *key)
{
    int other = section_with(r->input, key);
    if (r->no_plugin[s])
        return; /* the plug-in might know it */
    const char **keys = keys_of(&r->input->section[s]);
    const char *nearest = err_nearest(key, keys);
    char *list = input_joined(keys);
    if (nearest)
        err_add(r->err, EXIT_INPUT, where,
                "%s: unknown key; did you mean %s?", shown, nearest);
    else if (other >= 0)
        err_add(r->err, EXIT_INPUT, where,
                "%s: unknown key; did you mean %s.%s?", shown,
                input_names[other], key);
    else
        err_add(r->err, EXIT_INPUT, where,
                "%s: unknown key; the keys of %s are %s", shown,
                input_names[s], list);
    if (nearest)
        reading_blame(r, s, nearest);
    free(list);
    free(keys);
}

/* ---- values into sections ---------------------------------------------- */

static void *slot(struct section *section, const struct param *row, int block)
{
    return (char *)section->values[block] + row->offset;
}

static void mark_given(struct section *section, const struct param *row,
                       int block, const char *where)
{
    size_t i = (size_t)(row - section->table[block]->rows);
    section->given[block][i] = true;
    free(section->where[block][i]);
    section->where[block][i] = mem_text("%s", where);
}

/* A setting of the tagged tree as the text that the user wrote. */
static void render(FILE *out, const config_setting_t *setting)
{
    const char *text = config_setting_get_string(setting);
    if (text && *text == PRESCAN_TEXT) {
        char *quoted = param_quote(text + 1);
        fputs(quoted, out);
        free(quoted);
    } else if (text) {
        fputs(text + 1, out);
    } else if (config_setting_is_group(setting)) {
        fputs("{...}", out);
    } else {
        bool array = config_setting_is_array(setting);
        fputc(array ? '[' : '(', out);
        for (int i = 0; i < config_setting_length(setting); i++) {
            fputs(i ? ", " : "", out);
            render(out, config_setting_get_elem(setting, (unsigned)i));
        }
        fputc(array ? ']' : ')', out);
    }
}

static char *rendered(const config_setting_t *setting)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    render(out, setting);
    fclose(out);
    return text;
}

static char *parse_setting(const struct param *row,
                           const config_setting_t *setting, void *value)
{
    const char *string = config_setting_get_string(setting);
    if (row->type == PARAM_text && string && *string == PRESCAN_TEXT)
        return param_parse(row, string + 1, value);
    char *text = rendered(setting);
    char *problem =
        row->type == PARAM_text
            ? mem_text("%.60s is not text in double quotes", text)
            : param_parse(row, text, value);
    free(text);
    return problem;
}

static void read_setting(struct reading *r, enum input_section s,
                         const config_setting_t *setting)
{
    int block;
    struct section *section = &r->input->section[s];
    const char *key = config_setting_name(setting);
    const struct param *row = section_find(section, key, &block);
    char *where = mem_text("%s:%u", r->name,
                           config_setting_source_line(setting));
    char *shown = mem_text("%s.%.80s", input_names[s], key);
    if (!row) {
        unknown_key(r, s, where, shown, key);
    } else {
        char *problem = parse_setting(row, setting, slot(section, row, block));
        mark_given(section, row, block, where);
        if (problem) {
            err_add(r->err, EXIT_INPUT, where, "%s: %s", shown, problem);
            reading_blame(r, s, key);
        }
        free(problem);
    }
    free(shown);
    free(where);
}

void reading_group(struct reading *r, const config_setting_t *group)
{
    const char *name = config_setting_name(group);
    int s = input_section_named(name);
    char *where = mem_text("%s:%u", r->name,
                           config_setting_source_line(group));
    if (s < 0 && !r->model_only) {
        unknown_section(r, where, name, name);
    } else if (s >= 0 && !config_setting_is_group(group)) {
        err_add(r->err, EXIT_INPUT, where,
                "%s: a section is written %s = { key = value; };", name,
                name);
    } else if (s >= 0 && (s == INPUT_MODEL || !r->model_only)) {
        r->where[s] = mem_text("%s", where);
        for (int i = 0; i < config_setting_length(group); i++)
            read_setting(r, (enum input_section)s,
                         config_setting_get_elem(group, (unsigned)i));
    } else if (s == INPUT_RUN && config_setting_get_member(group, "seed")) {
        /* where model.seed is not given it is this one */
        read_setting(r, INPUT_RUN, config_setting_get_member(group, "seed"));
    }
    free(where);
}

void reading_override(struct reading *r, const char *argument)
{
    struct override o;
    int block;
    bool whole = override_split(argument, &o);
    int s = whole ? input_section_named(o.section) : -1;
    const struct param *row =
        s < 0 ? NULL : section_find(&r->input->section[s], o.key, &block);
    if (!whole && !o.key && o.text && input_section_named(o.section) < 0) {
        unknown_section(r, command_line, argument, o.section);
    } else if (!whole) {
        err_add(r->err, EXIT_INPUT, command_line,
                "%s: an override is section.key=value", argument);
    } else if (s < 0) {
        unknown_section(r, command_line, argument, o.section);
    } else if (r->model_only && s != INPUT_MODEL) {
        err_add(r->err, EXIT_INPUT, command_line,
                "%s: only keys of the model are used here", argument);
    } else if (!row) {
        unknown_key(r, (enum input_section)s, command_line, argument, o.key);
    } else {
        struct section *section = &r->input->section[s];
        mark_given(section, row, block, command_line);
        if (!parse_override(row, o.text, o.section, command_line,
                            slot(section, row, block), r->err))
            reading_blame(r, (enum input_section)s, o.key);
    }
    free(o.section);
}
