#include "base/json.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>

static void separate(struct json *json)
{
    if (!json->keyed && json->comma[json->depth])
        fputs(", ", json->out);
    json->comma[json->depth] = true;
    json->keyed = false;
}

void json_open(struct json *json, char bracket)
{
    separate(json);
    fputc(bracket, json->out);
    json->depth++;
    assert(json->depth < 32);
    json->comma[json->depth] = false;
}

void json_close(struct json *json, char bracket)
{
    assert(json->depth > 0);
    json->depth--;
    fputc(bracket, json->out);
    if (json->depth == 0)
        fputc('\n', json->out);
}

static void quoted(struct json *json, const char *text)
{
    fputc('"', json->out);
    for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
        if (*c == '"' || *c == '\\')
            fprintf(json->out, "\\%c", *c);
        else if (*c < 0x20)
            fprintf(json->out, "\\u%04x", *c);
        else
            fputc(*c, json->out);
    }
    fputc('"', json->out);
}

void json_key(struct json *json, const char *key)
{
    separate(json);
    quoted(json, key);
    fputs(": ", json->out);
    json->keyed = true;
}

void json_text(struct json *json, const char *text)
{
    separate(json);
    if (text)
        quoted(json, text);
    else
        fputs("null", json->out);
}

void json_real(struct json *json, double value)
{
    separate(json);
    if (isfinite(value))
        fprintf(json->out, "%.17g", value);
    else
        fputs("null", json->out);
}

void json_integer(struct json *json, int64_t value)
{
    separate(json);
    fprintf(json->out, "%" PRId64, value);
}

void json_flag(struct json *json, bool value)
{
    separate(json);
    fputs(value ? "true" : "false", json->out);
}

void json_reals(struct json *json, const double *values, int count)
{
    json_open(json, '[');
    for (int i = 0; i < count; i++)
        json_real(json, values[i]);
    json_close(json, ']');
}

void json_put_text(struct json *json, const char *key, const char *text)
{
    json_key(json, key);
    json_text(json, text);
}

void json_put_real(struct json *json, const char *key, double value)
{
    json_key(json, key);
    json_real(json, value);
}

void json_put_integer(struct json *json, const char *key, int64_t value)
{
    json_key(json, key);
    json_integer(json, value);
}

void json_put_flag(struct json *json, const char *key, bool value)
{
    json_key(json, key);
    json_flag(json, value);
}

void json_put_reals(struct json *json, const char *key,
                    const double *values, int count)
{
    json_key(json, key);
    json_reals(json, values, count);
}
